import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import { operation } from '../../core/gate.ts';
import type { Disk } from './disk.ts';
import { membersOf, runItemOperation } from './items.ts';
import { nameOf } from './table.ts';

const byTable = z.record(z.string(), z.unknown());
const batchOutput = z.looseObject({
  Responses: byTable.optional(),
  UnprocessedKeys: byTable.optional(),
  UnprocessedItems: byTable.optional(),
});

type BatchAction = 'BatchGetItem' | 'BatchWriteItem';

/** A batch, its tables by name or by ARN; the answer calls each as the request did. */
export const batchOperation = (cloud: Cloud, disk: Disk, action: BatchAction) =>
  operation(z.strictObject({ ...membersOf(action), RequestItems: byTable }), (request) =>
    runBatch(cloud, disk, action, request),
  );

async function runBatch(
  cloud: Cloud,
  disk: Disk,
  action: BatchAction,
  { RequestItems, ...rest }: { RequestItems: z.output<typeof byTable> },
): Promise<unknown> {
  const given = new Map<string, string>();
  for (const asked of Object.keys(RequestItems)) {
    const name = nameOf(cloud, asked);
    if (given.has(name))
      throw new AwsError(
        'ValidationException',
        `the batch names the table ${name} twice, as ${given.get(name)} and as ${asked}: name it once`,
      );
    given.set(name, asked);
  }
  const rename = (tables: Record<string, unknown>, to: (name: string) => string) =>
    Object.fromEntries(Object.entries(tables).map(([name, value]) => [to(name), value]));
  const request = { ...rest, RequestItems: rename(RequestItems, (asked) => nameOf(cloud, asked)) };
  const answer = batchOutput.parse(await runItemOperation(disk, action, request));
  return Object.fromEntries(
    Object.entries(answer).map(([member, value]) => [
      member,
      value === undefined || !Object.hasOwn(batchOutput.shape, member)
        ? value
        : rename(byTable.parse(value), (name) => given.get(name) ?? name),
    ]),
  );
}
