import type { Connection } from '../connection/connection.ts';
import { type DeliveryRow, deliveriesWithOutcomes } from '../deliveries/index.ts';
import { type RefPage, type RepositoryName, refsOf } from './refs.ts';

/** What is known of one repository. */
export interface Repository extends RepositoryName, RefPage {
  /** its last deliveries, newest first */
  readonly deliveries: readonly DeliveryRow[];
  /** whether older deliveries of it may be on record */
  readonly older: boolean;
}

const LAST = 20;
// The index of days knows no repository: a rare one is looked for among the last thousands of all, and no further.
const READS = 4;

/** A repository's refs and its last deliveries. */
export async function repositoryOf(connection: Connection, of: RepositoryName): Promise<Repository> {
  const query = { filter: { repository: of.repository }, limit: LAST, reads: READS };
  const [refs, { rows, cursor }] = await Promise.all([
    refsOf(connection, of),
    deliveriesWithOutcomes(connection, query),
  ]);
  // Two hosts may have a repository of the same name.
  const deliveries = rows.filter(({ host }) => host === of.host);
  return { ...of, ...refs, deliveries, older: cursor !== undefined };
}
