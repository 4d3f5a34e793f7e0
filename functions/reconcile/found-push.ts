import { createHash } from 'node:crypto';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Webhook } from '../../events/bus-event.ts';
import { administrations } from '../../events/providers/administrations.ts';
import { providerNamed } from '../../events/providers/index.ts';
import type { RawInput } from '../../events/raw-input.ts';
import { type Behind, RECONCILE_PREFIX } from '../../statemachine/reconcile.ts';
import { optionsHash } from '../shared/artifact.ts';
import { allRules, takes } from '../shared/rules.ts';
import { environment } from '../shared/setting.ts';
import type { Tip } from './advertised-refs.ts';
import type { KnownHost } from './known-host.ts';
import type { KnownRepository } from './known-refs.ts';

/** A ref that may not be told of. */
export interface Found {
  readonly host: KnownHost;
  readonly known: KnownRepository;
  /** as the host describes it */
  readonly described: Readonly<Record<string, unknown>>;
  readonly ref: string;
  /** undefined for a ref that is gone */
  readonly tip: Tip | undefined;
  /** the object that was there when Reconcile last found the ref as it should be; `""` where it never has */
  readonly before: string;
  /** ISO time */
  readonly since: string;
}

/** A delivery of a found push for one rule, as the machine takes it. */
export interface FoundDelivery {
  readonly behind: Behind;
  readonly input: RawInput;
}

/**
 * A delivery for each rule that takes the push and whose pointer is not what the host has. What its files or its message decide,
 * git finds out in the pull.
 */
export function deliveriesOf(found: Found): FoundDelivery[] {
  const { host, known, ref, tip } = found;
  const commits = known.published.get(ref);
  // A rule without a pointer of its own takes no push to a ref that others know for one that creates it.
  const last =
    [...(commits?.values() ?? []), found.before].find((each) => each && each !== tip?.commit) ?? '';
  return allRules().flatMap(({ match, ...rule }) => {
    const published = commits?.get(optionsHash(rule.pull)) ?? '';
    if (published === (tip?.commit ?? '')) return [];
    const webhook = webhookOf(found, published || last);
    if (!takes(match, webhook)) return [];
    const deliveryId = webhook.headers.delivery;
    const commit = tip ? { commit: tip.commit } : {};
    return {
      behind: {
        ...{ host: host.name, repository: known.fullName, ref, rule: rule.name, deliveryId },
        ...commit,
      },
      input: {
        ...{ rule: rule.name, options: rule, eventId: deliveryId, replayName: '' },
        time: new Date().toISOString(),
        ...webhook,
      },
    };
  });
}

/**
 * The webhook that the host would send, signed as the host does: every check of a delivery is made of this one too.
 * @param before the commit that the rule's pointer shows, `""` for none
 */
function webhookOf(found: Found, before: string): Webhook {
  const { host, known, described: repository, ref, tip, since: foundAt } = found;
  const { name, webhookSecret: secret, settings } = host;
  const what = [name, known.fullName, ref, tip?.id ?? '', foundAt].join('\n');
  // The same find has the same id, however often it is told of.
  const deliveryId = `${RECONCILE_PREFIX}${createHash('sha256').update(what).digest('hex').slice(0, 32)}`;
  const { provider } = settings;
  const sent = administrations[provider].push({
    ...{ host: name, secret, deliveryId, repository, ref, foundAt },
    id: tip?.id,
    before: before || undefined,
  });
  const { headers } = providerNamed(provider).door;
  return {
    provider,
    host: name,
    headers: { event: sent.event, delivery: deliveryId, signature: sent.headers[headers.signature] ?? '' },
    body: Buffer.from(sent.body).toString('base64'),
  };
}

let client: SFNClient | undefined;

/** Starts the machine on a delivery; one that was started under the same name is not started again. */
export async function startDelivery({ input }: FoundDelivery): Promise<void> {
  client ??= new SFNClient();
  const name = `${input.headers.delivery}-${createHash('sha256').update(input.rule).digest('hex').slice(0, 12)}`;
  const start = new StartExecutionCommand({
    stateMachineArn: environment('STATE_MACHINE_ARN'),
    name,
    input: JSON.stringify(input),
  });
  await client.send(start).catch((error: unknown) => {
    if (!(error instanceof Error && error.name === 'ExecutionAlreadyExists')) throw error;
  });
}
