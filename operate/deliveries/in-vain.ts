import { receivers } from '../../events/providers/receivers.ts';
import { errors } from '../../statemachine/errors.ts';
import { outcomes } from '../../statemachine/outcomes.ts';
import type { Connection } from '../connection/connection.ts';
import { groupBy } from '../group.ts';
import { allWebhookSecrets } from '../hosts/webhook-secrets.ts';
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

type Secrets = Awaited<ReturnType<typeof allWebhookSecrets>>;

/**
 * Why a delivery would end as before if it ran again; undefined where it may end otherwise. Of one that was rejected, the
 * signature is checked against the present webhook secrets.
 */
export const whyInVain = (connection: Connection, row: DeliveryRow): Promise<string | undefined> =>
  reasonOf(connection, row, () => allWebhookSecrets(connection));

/** Parts many deliveries: those that may end otherwise if they ran again, and those that would end as before. */
export async function partInVain(
  connection: Connection,
  rows: readonly DeliveryRow[],
): Promise<{ readonly rows: readonly DeliveryRow[]; readonly inVain: readonly InVain[] }> {
  let secrets: Promise<Secrets> | undefined;
  const readSecrets = (): Promise<Secrets> => {
    secrets ??= allWebhookSecrets(connection);
    return secrets;
  };
  const [others, inVain]: [DeliveryRow[], InVain[]] = [[], []];
  for (let at = 0; at < rows.length; at += DESCRIBED_AT_ONCE) {
    const some = rows.slice(at, at + DESCRIBED_AT_ONCE);
    const reasons = await Promise.all(some.map((row) => reasonOf(connection, row, readSecrets)));
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
  readSecrets: () => Promise<Secrets>,
): Promise<string | undefined> {
  if (row.outcome === outcomes.malformed) return 'the same payload would come again';
  if (row.error === errors.commitUnreachable) return `${row.host} does not have the commit`;
  if (row.outcome !== outcomes.rejected) return undefined;
  const signed = await signedOf(connection, row);
  if (!signed) return undefined;
  const { provider, signature, body } = signed;
  const secrets = (await readSecrets()).get(row.host) ?? [];
  return receivers[provider].checkSignature(body, signature, secrets) === 'valid'
    ? undefined
    : `no webhook secret that Hookline has for ${row.host} makes its signature`;
}
