import { deliveryValues } from '../../events/delivery-values.ts';
import { HostRests } from '../../events/host-rest.ts';
import type { Host } from '../../events/hosts.ts';
import { statusOf } from '../../events/http-status.ts';
import type { CommitStatus, WrittenStatus } from '../../events/provider.ts';
import { HostUntrusted } from '../../events/providers/certificate-fault.ts';
import { checks } from '../../events/providers/checks.ts';
import { statuses } from '../../events/providers/statuses.ts';
import { HostRefused } from '../../events/request-reader.ts';
import { contextOf } from '../../events/status-context.ts';
import { STATUSES_SECONDS } from '../../statemachine/commit-statuses.ts';
import type { State } from '../../statemachine/payloads.ts';
import { errors, HooklineError } from './errors.ts';
import { tokenFor } from './host-token.ts';
import { readHost } from './hosts.ts';
import { isPassingOfAws } from './may-pass.ts';
import { appOf, credential } from './secrets.ts';
import { environment } from './setting.ts';
import { unreached } from './unreached.ts';

/** What became of a commit status. */
export interface ToldStatus extends WrittenStatus {
  /** for one that the host may take later: it asks for rest, or did not answer */
  readonly later?: true | undefined;
}

/** Writes a commit status to a host; one that cannot be written is an answer with its reason, and no error. */
export async function writeStatus(host: string, status: CommitStatus): Promise<ToldStatus> {
  try {
    const settings = await readHost(host);
    if (status.check) return await writeCheck(host, settings, status);
    const token = await tokenFor(host, settings, { repository: status.repository, use: 'statuses' });
    if (!token) return refused(`no token for ${host}: set one with "hookline secret set ${host} token"`);
    const { api, provider, ca } = settings;
    return await statuses[provider]({ host, url: api, token, ca }, status);
  } catch (error) {
    if (error instanceof HostRefused) return refused(error.message);
    if (error instanceof HostUntrusted) return refused(`${error.name}: ${error.message}`);
    const message = error instanceof Error ? error.message : String(error);
    const reason = `${host} did not take the commit status of ${status.repository}: ${message}`;
    return mayPass(error) ? notNow(reason) : refused(reason);
  }
}

/** What no answer of the host, or of AWS on the way to it, says of the status itself. An error of the network bears Octokit's 500. */
function mayPass(error: unknown): boolean {
  const code = statusOf(error);
  return (
    error instanceof HostRests || [408, 429].includes(code) || code >= 500 || isPassingOfAws(unreached(error))
  );
}

export type StatusWriter = typeof writeStatus;

/**
 * Writes the commit statuses of one invocation of a function, in the time that the function has: a host that did not take one
 * just now is not asked again, and none is begun after STATUSES_SECONDS.
 */
export function statusWriter(): StatusWriter {
  const end = Date.now() + STATUSES_SECONDS * 1000;
  const away = new Map<string, ToldStatus>();
  return async (host, status) => {
    const earlier = away.get(host);
    if (earlier) return earlier;
    if (Date.now() >= end) return notNow(`${host} took too long over the commit statuses before this one`);
    const written = await writeStatus(host, status);
    if (written.later) away.set(host, written);
    return written;
  };
}

/** By this error whoever called the function calls it again. */
export const untold = (reason: string): HooklineError => new HooklineError(errors.hostUnreachable, reason);

/** A check run, where the credential is an App. */
async function writeCheck(host: string, settings: Host, status: CommitStatus): Promise<WrittenStatus> {
  const { app } = await credential(host, settings);
  if (!app)
    return refused(
      `a check run is written by a GitHub App alone, and the credential of ${host} is none: set one with "hookline secret set ${host} app", or give the rule status: true`,
    );
  const { id } = await appOf(host);
  const token = (await tokenFor(host, settings, { repository: status.repository, use: 'checks' })) ?? '';
  const { api: url, provider, ca } = settings;
  return checks[provider]({ host, url, token, ca }, id, status);
}

const refused = (reason: string): ToldStatus => ({ status: 'refused', reason });
const notNow = (reason: string): ToldStatus => ({ ...refused(reason), later: true });

/** What a status is called on the commit's page, by default and by the rule. */
export function statusContext({
  rule,
  delivery,
  values,
}: Pick<State, 'rule' | 'delivery' | 'values'>): string {
  const { status } = rule;
  const own =
    typeof status === 'object' && status.context !== undefined
      ? contextOf(status.context, deliveryValues(delivery, values))
      : '';
  return own || usualContext(rule.name);
}

/** The name that the statuses of a rule have by default. */
export const usualContext = (rule: string): string => `${environment('STATUS_CONTEXT')}/${rule}`;
