import { randomUUID } from 'node:crypto';
import createTableRules from 'dynalite/validations/createTable.js';
import { z } from 'zod';
import { AwsError, unsupported } from '../aws-error.ts';
import type { Cloud, Provisioned, Resource } from '../cloud.ts';
import { type Disk, tableKey } from './disk.ts';
import { changeIndexes } from './indexes.ts';
import { arnOf, findTable, type Table, tableSchema } from './table.ts';
import { checked } from './validate.ts';

// CloudFormation may hand numbers and booleans over as text.
const count = z.coerce.number();
const yes = z.stringbool().or(z.boolean());
const throughput = z.object({ ReadCapacityUnits: count, WriteCapacityUnits: count }).optional();
const anything = z.unknown();

// What is optional and unknown here changes nothing that a caller of this runtime could see.
const properties = z.strictObject({
  TableName: z.string(),
  AttributeDefinitions: anything,
  KeySchema: anything,
  BillingMode: z.string().optional(),
  ProvisionedThroughput: throughput,
  LocalSecondaryIndexes: anything.optional(),
  GlobalSecondaryIndexes: z
    .array(
      z
        .looseObject({ ProvisionedThroughput: throughput })
        .transform(
          ({ OnDemandThroughput, WarmThroughput, ContributorInsightsSpecification, ...index }) => index,
        ),
    )
    .optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string().optional(), Enabled: yes }).optional(),
  ContributorInsightsSpecification: anything.optional(),
  DeletionProtectionEnabled: anything.optional(),
  OnDemandThroughput: anything.optional(),
  PointInTimeRecoverySpecification: anything.optional(),
  ResourcePolicy: anything.optional(),
  SSESpecification: anything.optional(),
  TableClass: anything.optional(),
  Tags: anything.optional(),
  WarmThroughput: anything.optional(),
});

/** By table, the attribute that holds when an item expires. */
export type Expiries = Map<string, string>;

/**
 * Makes the table, or brings the one that is there to its definition with its items kept.
 * @throws where AWS would replace the table or an index, as that would lose items
 */
export async function provisionTable(
  cloud: Cloud,
  disk: Disk,
  expiries: Expiries,
  { logicalId, generatedName, properties: given }: Resource,
): Promise<Provisioned> {
  for (const name of ['StreamSpecification', 'KinesisStreamSpecification', 'ImportSourceSpecification'])
    if (given[name]) throw unsupported(`${name} of the table ${logicalId}`);
  const { TimeToLiveSpecification: expiry, ...definition } = properties.parse({
    TableName: generatedName,
    ...given,
  });
  const { BillingMode, ...rest } = tableSchema.parse(
    checked('CreateTable', known(definition), createTableRules),
  );
  const before = await findTable(disk, rest.TableName);
  const table = described(cloud, rest, BillingMode, before);
  if (before) mustMatch(before, table);
  await changeIndexes(disk, before, table);
  await disk.write([{ type: 'put', key: tableKey(table.TableName), value: table }]);
  if (expiry?.Enabled) expiries.set(table.TableName, attributeOf(table.TableName, expiry.AttributeName));
  else expiries.delete(table.TableName);
  return { ref: table.TableName, attributes: { Arn: arnOf(cloud, table.TableName) } };
}

function known(definition: object): object {
  return Object.fromEntries(
    Object.entries(definition).filter(([name]) => Object.hasOwn(createTableRules.types, name)),
  );
}

function attributeOf(table: string, name: string | undefined): string {
  if (name) return name;
  throw new AwsError('ValidationException', `the TimeToLiveSpecification of ${table} names no AttributeName`);
}

function described(cloud: Cloud, wanted: Table, billing: unknown, before: Table | undefined): Table {
  const arn = arnOf(cloud, wanted.TableName);
  const none = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
  return {
    TableId: before?.TableId ?? randomUUID(),
    CreationDateTime: before?.CreationDateTime ?? Date.now() / 1000,
    ProvisionedThroughput: { ...none, NumberOfDecreasesToday: 0 },
    ...wanted,
    TableArn: arn,
    TableStatus: 'ACTIVE',
    ...(billing === 'PAY_PER_REQUEST' && { BillingModeSummary: { BillingMode: billing } }),
    ...(wanted.LocalSecondaryIndexes && {
      LocalSecondaryIndexes: wanted.LocalSecondaryIndexes.map((index) => ({
        ...index,
        IndexArn: `${arn}/index/${index.IndexName}`,
      })),
    }),
    ...(wanted.GlobalSecondaryIndexes && {
      GlobalSecondaryIndexes: wanted.GlobalSecondaryIndexes.map((index) => ({
        ProvisionedThroughput: none,
        ...index,
        IndexArn: `${arn}/index/${index.IndexName}`,
        IndexStatus: 'ACTIVE',
      })),
    }),
  };
}

/** The keys as one line to compare and to show: `id (S), at (N)`. */
const keysOf = ({ AttributeDefinitions }: Table, schema: Table['KeySchema']): string =>
  schema
    .map(({ AttributeName }) => {
      const type = AttributeDefinitions.find((known) => known.AttributeName === AttributeName)?.AttributeType;
      return `${AttributeName} (${type})`;
    })
    .join(', ');

function mustMatch(before: Table, wanted: Table): void {
  const [has, asks] = [keysOf(before, before.KeySchema), keysOf(wanted, wanted.KeySchema)];
  if (has !== asks)
    throw unsupported(
      `another key for the table ${wanted.TableName}: it has ${has} and items by it, the template says ${asks}; give the table another name`,
    );
  const locals = (table: Table) => JSON.stringify((table.LocalSecondaryIndexes ?? []).map(shape(table)));
  if (locals(before) !== locals(wanted))
    throw unsupported(
      `other local indexes for the table ${wanted.TableName}, made with ${locals(before)}; give the table another name`,
    );
  const indexes = new Map((before.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index]));
  for (const index of wanted.GlobalSecondaryIndexes ?? []) {
    const old = indexes.get(index.IndexName);
    const [was, is] = [old && shape(before)(old), shape(wanted)(index)];
    if (was !== undefined && was !== is)
      throw unsupported(
        `another key or projection for the index ${index.IndexName} of ${wanted.TableName}, made as ${was}; give the index another name`,
      );
  }
}

const shape =
  (table: Table) =>
  ({ IndexName, KeySchema, Projection }: NonNullable<Table['GlobalSecondaryIndexes']>[number]): string =>
    [
      IndexName,
      keysOf(table, KeySchema),
      Projection.ProjectionType,
      ...(Projection.NonKeyAttributes ?? []),
    ].join(' ');
