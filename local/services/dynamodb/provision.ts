import { randomUUID } from 'node:crypto';
import createTableRules from 'dynalite/validations/createTable.js';
import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud, Provisioned, Resource } from '../../core/cloud.ts';
import { inert, keyId, tagList } from '../../core/forms.ts';
import { resourceType } from '../../core/gate.ts';
import { templateBoolean } from '../../core/input.ts';
import { type Disk, tableKey } from './disk.ts';
import { changeIndexes } from './indexes.ts';
import { refuseReplacement } from './refuse-replacement.ts';
import { arnOf, findTable, type Table, tableSchema } from './table.ts';
import { checked } from './validate.ts';

// CloudFormation may hand numbers over as text.
const count = z.coerce.number();
const throughput = z.strictObject({ ReadCapacityUnits: count, WriteCapacityUnits: count }).optional();
const index = {
  IndexName: z.string(),
  KeySchema: z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.string() })),
  Projection: z
    .strictObject({ ProjectionType: z.string(), NonKeyAttributes: z.array(z.string()).optional() })
    .refine(
      ({ ProjectionType, NonKeyAttributes }) =>
        ProjectionType !== 'INCLUDE' || NonKeyAttributes !== undefined,
      'ProjectionType is INCLUDE, but NonKeyAttributes is not specified',
    ),
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PointInTimeRecoverySpecification.html
const recovery = z
  .strictObject({
    PointInTimeRecoveryEnabled: templateBoolean.default(false),
    RecoveryPeriodInDays: z.coerce.number().int().min(1).max(35).optional(),
  })
  .refine(
    ({ PointInTimeRecoveryEnabled, RecoveryPeriodInDays }) =>
      PointInTimeRecoveryEnabled || RecoveryPeriodInDays === undefined,
    'RecoveryPeriodInDays goes with PointInTimeRecoveryEnabled true',
  );

const units = z.coerce.number().int().min(-1).optional();
const capacity = {
  ContributorInsightsSpecification: inert(
    z.strictObject({
      Enabled: templateBoolean,
      Mode: z.enum(['ACCESSED_AND_THROTTLED_KEYS', 'THROTTLED_KEYS']).optional(),
    }),
  ),
  OnDemandThroughput: inert(z.strictObject({ MaxReadRequestUnits: units, MaxWriteRequestUnits: units })),
  WarmThroughput: inert(z.strictObject({ ReadUnitsPerSecond: units, WriteUnitsPerSecond: units })),
};

const schema = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.string() })),
  KeySchema: index.KeySchema,
  BillingMode: z.string().optional(),
  ProvisionedThroughput: throughput,
  LocalSecondaryIndexes: z.array(z.strictObject(index)).optional(),
  GlobalSecondaryIndexes: z
    .array(
      z.strictObject({
        ...index,
        ProvisionedThroughput: throughput,
        ...capacity,
      }),
    )
    .optional(),
  TimeToLiveSpecification: z
    .strictObject({ AttributeName: z.string().max(255).optional(), Enabled: templateBoolean })
    .optional(),
  ...capacity,
  DeletionProtectionEnabled: inert(templateBoolean),
  PointInTimeRecoverySpecification: inert(recovery),
  SSESpecification: inert(
    z
      .strictObject({
        SSEEnabled: templateBoolean,
        SSEType: z.enum(['KMS']).optional(),
        KMSMasterKeyId: keyId.optional(),
      })
      .refine(
        ({ SSEEnabled, KMSMasterKeyId }) => SSEEnabled || KMSMasterKeyId === undefined,
        'KMSMasterKeyId goes with SSEEnabled true',
      ),
  ),
  TableClass: inert(z.enum(['STANDARD', 'STANDARD_INFREQUENT_ACCESS'])),
  Tags: inert(tagList),
});

/** AWS::DynamoDB::Table */
export const tableType = (cloud: Cloud, disk: Disk, expiries: Expiries) =>
  resourceType(schema, (properties, resource) => provision(cloud, disk, expiries, properties, resource));

/** By table, the attribute that holds when an item expires. */
export type Expiries = Map<string, string>;

/**
 * Makes the table, or brings the one that is there to its definition with its items kept.
 * @throws where AWS would replace the table or an index, as that would lose items
 */
async function provision(
  cloud: Cloud,
  disk: Disk,
  expiries: Expiries,
  { TimeToLiveSpecification: expiry, ...properties }: z.output<typeof schema>,
  { generatedName }: Resource,
): Promise<Provisioned> {
  const definition = definitionOf({ TableName: generatedName, ...properties });
  const { BillingMode, ...rest } = tableSchema.parse(checked('CreateTable', definition, createTableRules));
  const before = await findTable(disk, rest.TableName);
  const table = described(cloud, rest, BillingMode, before);
  if (before) refuseReplacement(before, table);
  await changeIndexes(disk, before, table);
  await disk.write([{ type: 'put', key: tableKey(table.TableName), value: table }]);
  if (expiry?.Enabled) expiries.set(table.TableName, attributeOf(table.TableName, expiry.AttributeName));
  else expiries.delete(table.TableName);
  return { ref: table.TableName, attributes: { Arn: arnOf(cloud, table.TableName) } };
}

/** The properties as a request of CreateTable, which has other members without effect. */
function definitionOf({ GlobalSecondaryIndexes: indexes, ...properties }: z.output<typeof schema>): object {
  const known = Object.entries(properties).filter(([name]) => Object.hasOwn(createTableRules.types, name));
  const plain = indexes?.map(({ IndexName, KeySchema, Projection, ProvisionedThroughput }) => ({
    IndexName,
    KeySchema,
    Projection,
    ...(ProvisionedThroughput && { ProvisionedThroughput }),
  }));
  return { ...Object.fromEntries(known), ...(plain && { GlobalSecondaryIndexes: plain }) };
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
