import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Connection, connect } from '../../../operate/connection/connection.ts';
import { type DeliveryRow, type Hidden, listDeliveries } from '../../../operate/deliveries/index.ts';
import { type FakeAws, STACK, startFakeAws } from '../../support/fake-aws.ts';

const IGNORED = 2300;

let aws: FakeAws;
let connection: Connection;
beforeEach(async () => {
  aws = await startFakeAws(0);
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  connection = await connect(STACK, { endpoint: aws.endpoint, region: 'us-east-1', credentials });
});
afterEach(async () => {
  connection?.close();
  await aws?.close();
});

/** Every page of the list without what needs nobody. */
async function pages(limit: number) {
  const [rows, hidden]: [DeliveryRow[], Hidden[]] = [[], []];
  let cursor: string | undefined;
  do {
    const page = await listDeliveries(connection, { hide: true, limit, cursor, reads: 1 });
    rows.push(...page.rows);
    hidden.push(...page.hidden);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { rows: rows.filter(({ outcome }) => outcome !== 'Rejected'), hidden };
}
const asked = z.array(z.looseObject({ Limit: z.number(), ExpressionAttributeValues: z.unknown() }));
const queries = () => asked.parse(aws.calls('DynamoDB_20120810.Query'));
/** The queries that read rows, without those that look whether a day has any. */
const reading = () => queries().filter(({ Limit }) => Limit !== 1);

describe('a list of which nearly all is hidden', () => {
  beforeEach(() => {
    aws.arrive(2, { outcome: 'PullFailed', error: 'RepositoryMissing' });
    aws.arrive(IGNORED, { outcome: 'Ignored' });
  });

  it('has what is shown, whole, and counts the rest', async () => {
    const { rows, hidden } = await pages(50);
    const wanted = { outcome: 'PullFailed', error: 'RepositoryMissing', ref: 'refs/heads/main' };
    expect(rows).toMatchObject([
      { ...wanted, deliveryId: '1' },
      { ...wanted, deliveryId: '0' },
    ]);
    expect(hidden).toHaveLength(IGNORED);
    expect(new Set(hidden.map(({ id }) => id)).size).toBe(IGNORED);
  });

  it('reads a thousand at once behind a page that did not come full, and of these no more than their outcomes', async () => {
    await pages(50);
    const [first, ...others] = reading();
    expect(first).toMatchObject({ Limit: 300 });
    expect(first).not.toHaveProperty('ProjectionExpression');
    expect(others.slice(0, 2)).toMatchObject([
      { Limit: 1000, ProjectionExpression: expect.stringContaining('#outcome') },
      { Limit: 1000, ProjectionExpression: expect.stringContaining('#outcome') },
    ]);
  });

  it('looks for the days below meanwhile, once', async () => {
    await pages(50);
    const days = aws.calls('DynamoDB_20120810.Scan');
    expect(days).toHaveLength(1);
    expect(days).toMatchObject([{ IndexName: 'byDay', FilterExpression: '#day < :day' }]);
  });

  it('reads on as before where the page came full', async () => {
    aws.arrive(60, { outcome: 'PullFailed' });
    const { cursor } = await listDeliveries(connection, { hide: true, limit: 50 });
    await listDeliveries(connection, { hide: true, limit: 10, cursor });
    expect(reading().at(-1)).toMatchObject({ Limit: 300 });
  });
});
