import * as z from 'zod';
import type { Cloud } from '../../core/cloud.ts';
import { queueUrl } from '../../core/queue-url.ts';
import { type Pipe, roleOf } from './pipe.ts';
import { passes, type SqsRecord } from './records.ts';

/** Brings one batch through the pipe, then deletes the batch from the queue. Of a batch that fails every message stays. */
export async function deliverBatch(cloud: Cloud, pipe: Pipe, records: readonly SqsRecord[]): Promise<void> {
  const wanted = records.filter((record) => passes(pipe, record));
  if (wanted.length > 0) {
    const enriched = pipe.enrichment ? await enrich(cloud, pipe, pipe.enrichment, wanted) : wanted;
    if (enriched.length > 0) await start(cloud, pipe, enriched);
  }
  const as = roleOf(cloud, pipe);
  const QueueUrl = queueUrl(cloud, pipe.source);
  for (const { receiptHandle } of records)
    await cloud.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: receiptHandle }, as);
}

const invokeOutput = z.object({ FunctionError: z.string().optional(), Payload: z.coerce.string() });

async function enrich(
  cloud: Cloud,
  pipe: Pipe,
  FunctionName: string,
  records: readonly SqsRecord[],
): Promise<readonly unknown[]> {
  const input = { FunctionName, Payload: JSON.stringify(records), InvocationType: 'RequestResponse' };
  const output = await cloud.call('lambda', 'Invoke', input, roleOf(cloud, pipe));
  const { FunctionError, Payload } = invokeOutput.parse(output);
  if (FunctionError) throw new Error(`the enrichment ${FunctionName} failed: ${Payload}`);
  const result: unknown = Payload === '' ? '' : JSON.parse(Payload);
  // An empty answer of any kind is how an enrichment says that there is nothing to send on.
  if (result === null || result === '' || isEmptyObject(result)) return [];
  return Array.isArray(result) ? result : [result];
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

async function start(cloud: Cloud, pipe: Pipe, events: readonly unknown[]): Promise<void> {
  const input = { stateMachineArn: pipe.target, input: JSON.stringify(events) };
  await cloud.call('states', 'StartExecution', input, roleOf(cloud, pipe));
}
