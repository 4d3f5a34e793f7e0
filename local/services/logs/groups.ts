import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud, Provisioned, Resource } from '../../core/cloud.ts';
import { inert, keyArn, tagList } from '../../core/forms.ts';
import { withoutEffect } from '../../core/gate.ts';
import { nameToken, pageOf } from '../../core/paging.ts';
import { groupName } from './names.ts';
import { type Group, groupOf, type Tables } from './tables.ts';

const MAX_PAGE = 50;

/** The input of an operation on one group. */
export const groupInput = z.strictObject({ logGroupName: groupName });
type GroupInput = z.infer<typeof groupInput>;

export const createInput = groupInput.extend(withoutEffect('kmsKeyId', 'tags'));

export async function createGroup(
  cloud: Cloud,
  tables: Tables,
  { logGroupName }: GroupInput,
): Promise<object> {
  const made = await tables.store.transaction(() => {
    if (tables.groups.get(logGroupName)) return false;
    void tables.groups.put(logGroupName, newGroup(cloud, logGroupName));
    return true;
  });
  if (!made)
    throw new AwsError('ResourceAlreadyExistsException', `the log group ${logGroupName} exists already`);
  return {};
}

function newGroup(cloud: Cloud, logGroupName: string): Group {
  const arn = `arn:aws:logs:${cloud.region}:${cloud.account}:log-group:${logGroupName}:*`;
  return { logGroupName, arn, creationTime: Date.now() };
}

/** Removes the group with its streams and events. */
export async function deleteGroup(tables: Tables, { logGroupName }: GroupInput): Promise<object> {
  groupOf(tables, logGroupName);
  await removeGroup(tables, logGroupName);
  return {};
}

/** The same for a group that its stack gives up: somebody may have deleted it before. */
export async function removeGroup(tables: Tables, logGroupName: string): Promise<void> {
  await tables.store.transaction(() => {
    for (const table of [tables.streams, tables.events, tables.byStream]) {
      for (const { key } of [...table.under([logGroupName])]) void table.remove(key);
    }
    void tables.groups.remove(logGroupName);
  });
}

export const describeInput = z.strictObject({
  logGroupNamePrefix: z.string().optional(),
  logGroupNamePattern: z.string().optional(),
  limit: z.number().int().min(1).max(MAX_PAGE).default(MAX_PAGE),
  nextToken: nameToken.optional(),
});

export function describeGroups(tables: Tables, input: z.infer<typeof describeInput>): object {
  const { logGroupNamePrefix = '', logGroupNamePattern = '', limit, nextToken } = input;
  const groups = [...tables.groups.entries()]
    .map(({ value }) => value)
    .filter(({ logGroupName }) => logGroupName.startsWith(logGroupNamePrefix))
    .filter(({ logGroupName }) => logGroupName.toLowerCase().includes(logGroupNamePattern.toLowerCase()));
  const { items, next } = pageOf(groups, ({ logGroupName }) => logGroupName, { limit, after: nextToken });
  return { logGroups: items.map(described), nextToken: next };
}

function described(group: Group): object {
  const logGroupArn = group.arn.slice(0, -':*'.length);
  return { ...group, logGroupArn, metricFilterCount: 0, logGroupClass: 'STANDARD' };
}

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
const RETENTIONS = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);
const isRetention = (days: number): boolean => RETENTIONS.has(days);

export const retentionInput = groupInput.extend({
  retentionInDays: z.number().refine(isRetention, 'Logs has no retention of so many days'),
});

export async function putRetention(
  tables: Tables,
  { logGroupName, retentionInDays }: z.infer<typeof retentionInput>,
): Promise<object> {
  await tables.groups.put(logGroupName, { ...groupOf(tables, logGroupName), retentionInDays });
  return {};
}

export async function removeRetention(tables: Tables, { logGroupName }: GroupInput): Promise<object> {
  const { retentionInDays: _, ...group } = groupOf(tables, logGroupName);
  await tables.groups.put(group.logGroupName, group);
  return {};
}

export const groupProperties = z.strictObject({
  LogGroupName: groupName.optional(),
  RetentionInDays: z.coerce.number().refine(isRetention, 'Logs has no retention of so many days').optional(),
  KmsKeyId: inert(keyArn),
  Tags: inert(tagList),
});

/** Makes a group of the template: it keeps the events of earlier starts, and its retention is the template's. */
export async function provisionGroup(
  cloud: Cloud,
  tables: Tables,
  properties: z.infer<typeof groupProperties>,
  { generatedName }: Resource,
): Promise<Provisioned> {
  const { LogGroupName = generatedName, RetentionInDays } = properties;
  const group = tables.groups.get(LogGroupName) ?? newGroup(cloud, LogGroupName);
  await tables.groups.put(LogGroupName, { ...group, retentionInDays: RetentionInDays });
  return { ref: LogGroupName, attributes: { Arn: group.arn } };
}
