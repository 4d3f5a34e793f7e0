import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import { operation } from '../../core/gate.ts';
import { type Disk, tableKey, within } from './disk.ts';

const keySchema = z.array(z.looseObject({ AttributeName: z.string(), KeyType: z.string() }));
const index = z.looseObject({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.looseObject({
    ProjectionType: z.string(),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
});

/** A table's definition, as it is stored and as DescribeTable answers it. */
export const tableSchema = z.looseObject({
  TableName: z.string(),
  KeySchema: keySchema,
  AttributeDefinitions: z.array(z.looseObject({ AttributeName: z.string(), AttributeType: z.string() })),
  LocalSecondaryIndexes: z.array(index).optional(),
  GlobalSecondaryIndexes: z.array(index).optional(),
});
export type Table = z.infer<typeof tableSchema>;
export type Index = z.infer<typeof index>;

export async function findTable(disk: Disk, name: string): Promise<Table | undefined> {
  return tableSchema.optional().parse(await disk.get(tableKey(name)));
}

export async function tableOf(disk: Disk, name: string): Promise<Table> {
  const table = await findTable(disk, name);
  if (table) return table;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}

export const arnOf = (cloud: Cloud, name: string): string =>
  `arn:aws:dynamodb:${cloud.region}:${cloud.account}:table/${name}`;

/** The name in a table's ARN; a name is itself. */
export function nameOf(cloud: Cloud, nameOrArn: string): string {
  if (!nameOrArn.startsWith('arn:')) return nameOrArn;
  const prefix = arnOf(cloud, '');
  if (nameOrArn.startsWith(prefix)) return nameOrArn.slice(prefix.length);
  throw new AwsError(
    'ResourceNotFoundException',
    `the table ${nameOrArn} is not of this account and Region: their tables begin with ${prefix}`,
  );
}

const listInput = z.strictObject({
  Limit: z.number().int().min(1).max(100).default(100),
  ExclusiveStartTableName: z.string().optional(),
});

/** ListTables */
export const listTables = (disk: Disk) => operation(listInput, (request) => list(disk, request));

async function list(
  disk: Disk,
  { Limit, ExclusiveStartTableName: after }: z.output<typeof listInput>,
): Promise<object> {
  const space = tableKey('');
  const names: string[] = [];
  for await (const key of disk.keys(within(space, { limit: Limit + 1, ...(after && { gt: after }) })))
    names.push(key.slice(space.length));
  const TableNames = names.slice(0, Limit);
  return { TableNames, ...(names.length > Limit && { LastEvaluatedTableName: TableNames.at(-1) }) };
}
