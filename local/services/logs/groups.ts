import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud, Provisioned, Resource } from '../../core/cloud.ts';
import { groupName, page, parse } from './input.ts';
import { type Group, groupOf, type Tables } from './tables.ts';

const MAX_PAGE = 50;

const named = z.object({ logGroupName: groupName });

export async function createGroup(cloud: Cloud, tables: Tables, input: unknown): Promise<object> {
  const { logGroupName } = parse(named, input);
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
export async function deleteGroup(tables: Tables, input: unknown): Promise<object> {
  const { logGroupName } = parse(named, input);
  groupOf(tables, logGroupName);
  await tables.store.transaction(() => {
    for (const table of [tables.streams, tables.events, tables.byStream]) {
      for (const { key } of [...table.under([logGroupName])]) void table.remove(key);
    }
    void tables.groups.remove(logGroupName);
  });
  return {};
}

const describeInput = z.object({
  logGroupNamePrefix: z.string().optional(),
  logGroupNamePattern: z.string().optional(),
  limit: z.number().int().min(1).max(MAX_PAGE).default(MAX_PAGE),
  nextToken: z.string().optional(),
});

export function describeGroups(tables: Tables, input: unknown): object {
  const { logGroupNamePrefix = '', logGroupNamePattern = '', limit, nextToken } = parse(describeInput, input);
  const found = [...tables.groups.entries()]
    .map(({ value }) => value)
    .filter(({ logGroupName }) => logGroupName.startsWith(logGroupNamePrefix))
    .filter(({ logGroupName }) => logGroupName.toLowerCase().includes(logGroupNamePattern.toLowerCase()));
  const { items, ...next } = page(found, limit, nextToken);
  return { logGroups: items.map(described), ...next };
}

function described(group: Group): object {
  const logGroupArn = group.arn.slice(0, -':*'.length);
  return { ...group, logGroupArn, metricFilterCount: 0, logGroupClass: 'STANDARD' };
}

const retention = named.extend({ retentionInDays: z.number().int().positive() });

export async function putRetention(tables: Tables, input: unknown): Promise<object> {
  const { logGroupName, retentionInDays } = parse(retention, input);
  await tables.groups.put(logGroupName, { ...groupOf(tables, logGroupName), retentionInDays });
  return {};
}

export async function removeRetention(tables: Tables, input: unknown): Promise<object> {
  const { retentionInDays: _, ...group } = groupOf(tables, parse(named, input).logGroupName);
  await tables.groups.put(group.logGroupName, group);
  return {};
}

const properties = z.object({
  LogGroupName: groupName.optional(),
  RetentionInDays: z.coerce.number().int().positive().optional(),
});

/** AWS::Logs::LogGroup: events of earlier starts are kept, retention is the template's. */
export async function provisionGroup(cloud: Cloud, tables: Tables, resource: Resource): Promise<Provisioned> {
  const { LogGroupName = resource.generatedName, RetentionInDays } = parse(properties, resource.properties);
  const group = tables.groups.get(LogGroupName) ?? newGroup(cloud, LogGroupName);
  await tables.groups.put(LogGroupName, { ...group, retentionInDays: RetentionInDays });
  return { ref: LogGroupName, attributes: { Arn: group.arn } };
}
