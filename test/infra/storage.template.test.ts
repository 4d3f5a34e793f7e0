import type { Context } from 'aws-lambda';
import { afterEach, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { newRecord } from '../../functions/shared/delivery-record.ts';
import { once } from '../../functions/shared/once.ts';
import { answeredCalls } from '../support/functions/answer-calls.ts';
import { templateOf } from '../support/variants/synthesized.ts';

const answers = answeredCalls();
afterEach(() => void vi.unstubAllEnvs());

const tableSchema = z.object({
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.literal(true) }).optional(),
});

/** The attribute by which DynamoDB ends the records of a table, by the beginning of its logical id. */
function endedBy(table: string): string {
  const [, resource] =
    Object.entries(templateOf('default').Resources).find(([id]) => id.startsWith(table)) ?? [];
  return tableSchema.parse(resource?.Properties).TimeToLiveSpecification?.AttributeName ?? '';
}

const days = (from: number, seconds: unknown): number =>
  Math.round((z.coerce.number().parse(seconds) - from / 1000) / 86_400);

it('the record of a delivery ends after 90 days', () => {
  const delivery = { host: 'github.com', id: 'd-1', event: 'push' };
  const record = newRecord(
    { key: 'k', delivery, rule: { name: 'one' }, replayName: '', time: '' },
    'arn:one',
  );
  expect(days(Date.now(), record[endedBy('StorageDeliveries')])).toBe(90);
});

it('the record of a step that is done once ends after a day', async () => {
  vi.stubEnv('IDEMPOTENCY_TABLE', 'idempotency');
  const written: unknown[] = [];
  answers.PutItem = ({ Item }) => void written.push(Item);
  answers.UpdateItem = () => undefined;
  const context = { getRemainingTimeInMillis: () => 15_000 } as Context;
  await once('step', 'executionArn', async () => 'done')({ executionArn: 'one' }, context);
  const [item] = z.tuple([z.record(z.string(), z.object({ N: z.string().optional() }))]).parse(written);
  expect(days(Date.now(), item[endedBy('StorageIdempotency')]?.N)).toBe(1);
});

it('the record of a ref does not end', () => {
  expect(endedBy('StorageRefs')).toBe('');
});
