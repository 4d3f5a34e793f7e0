import { receivers } from '../../events/providers/receivers.ts';
import { errors } from '../../statemachine/errors.ts';
import { outcomes } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import { groupBy } from '../group.ts';
import { allWebhookSecrets } from '../hosts/webhook-secrets.ts';
import { matchesDetail } from '../rules/explain.ts';
import { listRules } from '../rules/index.ts';
import { readEvent } from '../rules/verdict.ts';
import { keptEventOf } from './known-event.ts';
import { signedOf } from './request.ts';
import type { DeliveryRow } from './row.ts';
import { DESCRIBED_AT_ONCE } from './unrecorded-deliveries.ts';

/** A delivery that would end as before if it ran again. */
export interface InVain {
  readonly row: DeliveryRow;
  readonly reason: string;
}

/** Those that would end as before for one reason. */
export interface InVainGroup extends InVain {
  /** the last of them in their order */
  readonly row: DeliveryRow;
  readonly count: number;
}

/** What may have changed since a delivery ended, read when it is first asked for. */
interface Present {
  readonly secrets: () => ReturnType<typeof allWebhookSecrets>;
  readonly rules: () => ReturnType<typeof listRules>;
}

const presentOf = (connection: Connection): Present => ({
  secrets: readOnce(() => allWebhookSecrets(connection)),
  rules: readOnce(() => listRules(connection)),
});

function readOnce<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= read();
    return answer;
  };
}

/**
 * Why a delivery would end as before if it ran again; undefined where it may end otherwise. Of one that was rejected, the
 * signature is checked against the present webhook secrets; one that was malformed is held against its rule as it is now.
 */
export const whyInVain = (connection: Connection, row: DeliveryRow): Promise<string | undefined> =>
  reasonOf(connection, row, presentOf(connection));

/** Parts many deliveries: those that may end otherwise if they ran again, and those that would end as before. */
export async function partInVain(
  connection: Connection,
  rows: readonly DeliveryRow[],
): Promise<{ readonly rows: readonly DeliveryRow[]; readonly inVain: readonly InVain[] }> {
  const present = presentOf(connection);
  const [others, inVain]: [DeliveryRow[], InVain[]] = [[], []];
  for (let at = 0; at < rows.length; at += DESCRIBED_AT_ONCE) {
    const some = rows.slice(at, at + DESCRIBED_AT_ONCE);
    const reasons = await Promise.all(some.map((row) => reasonOf(connection, row, present)));
    for (const [index, row] of some.entries()) {
      const reason = reasons[index];
      if (reason === undefined) others.push(row);
      else inVain.push({ row, reason });
    }
  }
  return { rows: others, inVain };
}

/** Those of one outcome, error and reason together, the most first. */
export function inVainGroups(inVain: readonly InVain[]): InVainGroup[] {
  const groups = groupBy(inVain, ({ row, reason }) => `${row.outcome} ${row.error} ${reason}`);
  return [...groups.values()]
    .map((of) => ({ ...(of.at(-1) ?? of[0]), count: of.length }))
    .toSorted((a, b) => b.count - a.count);
}

async function reasonOf(
  connection: Connection,
  row: DeliveryRow,
  present: Present,
): Promise<string | undefined> {
  if (row.outcome === outcomes.malformed)
    return (await isTaken(connection, row, present)) ? undefined : 'the same payload would come again';
  if (row.error === errors.commitUnreachable) return `${row.host} does not have the commit`;
  if (row.outcome !== outcomes.rejected) return undefined;
  const signed = await signedOf(connection, row);
  if (!signed) return undefined;
  const { provider, signature, body } = signed;
  const secrets = (await present.secrets()).get(row.host) ?? [];
  return receivers[provider].checkSignature(body, signature, secrets) === 'valid'
    ? undefined
    : `no webhook secret that Hookline has for ${row.host} makes its signature`;
}

/** Whether a delivery is as its host sends it, and in the match of its rule: Validate has called it malformed for want of either. */
async function isTaken(connection: Connection, row: DeliveryRow, present: Present): Promise<boolean> {
  const event = (await keptEventOf(connection, row).catch(ifNoJson))?.event;
  if (!event || 'malformed' in readEvent(event)) return false;
  const rule = (await present.rules()).find(({ name }) => name === row.rule);
  return rule !== undefined && matchesDetail(connection, rule.match, event);
}

function ifNoJson(error: unknown): undefined {
  if (!(error instanceof SyntaxError)) throw error;
}
