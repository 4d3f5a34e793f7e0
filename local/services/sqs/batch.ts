import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';

const MAX_ENTRIES = 10;
const ID = /^[\w-]{1,80}$/;

/** The input of a batch of such entries. */
export function batchOf<E extends z.ZodType<{ Id: string }>>(entry: E) {
  return z.strictObject({ QueueUrl: z.string(), Entries: z.array(entry) });
}

interface Batch<E> {
  readonly QueueUrl: string;
  readonly Entries: readonly E[];
}

/** Carries out each entry of a batch on its own: one that fails does not hold the others back. */
export async function batch<E extends { readonly Id: string }>(
  { QueueUrl, Entries }: Batch<E>,
  one: (entry: Omit<E, 'Id'> & { QueueUrl: string }) => Promise<object>,
) {
  checkEntries(Entries.map(({ Id }) => Id));
  const results = await Promise.all(
    Entries.map(({ Id, ...entry }) => attempted(Id, () => one({ ...entry, QueueUrl }))),
  );
  return {
    Successful: results.flatMap((result) => ('ok' in result ? [result.ok] : [])),
    Failed: results.flatMap((result) => ('failed' in result ? [result.failed] : [])),
  };
}

function checkEntries(ids: readonly string[]): void {
  if (ids.length === 0) throw new AwsError('EmptyBatchRequest', 'the batch has no entry: send 1 to 10');
  if (ids.length > MAX_ENTRIES)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `the batch has ${ids.length} entries: send at most 10`,
    );
  const wrong = ids.find((id) => !ID.test(id));
  if (wrong !== undefined)
    throw new AwsError(
      'InvalidBatchEntryId',
      `the Id ${wrong} of an entry is not 1 to 80 of A-Z a-z 0-9 _ -`,
    );
  if (new Set(ids).size < ids.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'two entries of the batch have the same Id');
}

async function attempted(Id: string, one: () => Promise<object>) {
  try {
    return { ok: { Id, ...(await one()) } };
  } catch (error) {
    // No entry can succeed in a queue that is not there: the batch as a whole fails.
    if (!(error instanceof AwsError) || error.code === 'QueueDoesNotExist') throw error;
    return { failed: { Id, SenderFault: error.status < 500, Code: error.code, Message: error.message } };
  }
}
