import { deliveryValues } from '../../events/delivery-values.ts';
import type { Host } from '../../events/hosts.ts';
import type { CommitStatus, WrittenStatus } from '../../events/provider.ts';
import { HostUntrusted } from '../../events/providers/certificate-fault.ts';
import { checks } from '../../events/providers/checks.ts';
import { statuses } from '../../events/providers/statuses.ts';
import { HostRefused } from '../../events/request-reader.ts';
import { contextOf } from '../../events/status-context.ts';
import type { State } from '../../statemachine/payloads.ts';
import { tokenFor } from './host-token.ts';
import { readHost } from './hosts.ts';
import { appOf, credential } from './secrets.ts';
import { environment } from './setting.ts';

/** Writes a commit status to a host; one that cannot be written is an answer with its reason, and no error. */
export async function writeStatus(host: string, status: CommitStatus): Promise<WrittenStatus> {
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
    return refused(`${host} did not take the commit status of ${status.repository}: ${message}`);
  }
}

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

const refused = (reason: string): WrittenStatus => ({ status: 'refused', reason });

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
