import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';

const MAX_ENTRIES = 10;

const batchInput = z.object({ QueueUrl: z.string(), Entries: z.array(z.looseObject({ Id: z.string() })) });

/** Carries out each entry of a batch on its own: one that fails does not hold the others back. */
export async function batch(input: unknown, one: (entry: object) => Promise<object>) {
  const { QueueUrl, Entries } = batchInput.parse(input);
  if (Entries.length === 0) throw new AwsError('EmptyBatchRequest', 'the batch has no entry: send 1 to 10');
  if (Entries.length > MAX_ENTRIES)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `the batch has ${Entries.length} entries: send at most 10`,
    );
  if (new Set(Entries.map(({ Id }) => Id)).size < Entries.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'two entries of the batch have the same Id');
  const results = await Promise.all(Entries.map((entry) => attempted({ ...entry, QueueUrl }, entry.Id, one)));
  return {
    Successful: results.flatMap((result) => ('ok' in result ? [result.ok] : [])),
    Failed: results.flatMap((result) => ('failed' in result ? [result.failed] : [])),
  };
}

async function attempted(entry: object, Id: string, one: (entry: object) => Promise<object>) {
  try {
    return { ok: { Id, ...(await one(entry)) } };
  } catch (error) {
    // Of a queue that is not there, no entry could succeed: that is the answer to the batch.
    if (!(error instanceof AwsError) || error.code === 'QueueDoesNotExist') throw error;
    return { failed: { Id, SenderFault: error.status < 500, Code: error.code, Message: error.message } };
  }
}
