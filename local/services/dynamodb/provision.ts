import { randomUUID } from 'node:crypto';
import createTableRules from 'dynalite/validations/createTable.js';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud, Provisioned, Resource } from '../../core/cloud.ts';
import { type Disk, tableKey } from './disk.ts';
import { changeIndexes } from './indexes.ts';
import { mustMatch } from './match.ts';
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
