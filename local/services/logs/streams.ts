import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud, Provisioned, Resource } from '../../core/cloud.ts';
import { groupName, groupReference, page, parse, streamName } from './input.ts';
import { dropEvent, groupOf, position, type Stream, streamOf, type Tables } from './tables.ts';

const MAX_PAGE = 50;

const named = z.object({ logGroupName: groupName, logStreamName: streamName });

export async function createStream(cloud: Cloud, tables: Tables, input: unknown): Promise<object> {
  const { logGroupName, logStreamName } = parse(named, input);
  groupOf(tables, logGroupName);
  if (!(await addStream(cloud, tables, logGroupName, logStreamName)))
    throw new AwsError(
      'ResourceAlreadyExistsException',
      `the log group ${logGroupName} has a log stream ${logStreamName} already`,
    );
  return {};
}

function addStream(cloud: Cloud, tables: Tables, group: string, name: string): Promise<boolean> {
  const arn = `arn:aws:logs:${cloud.region}:${cloud.account}:log-group:${group}:log-stream:${name}`;
  return tables.store.transaction(() => {
    if (tables.streams.get([group, name])) return false;
    void tables.streams.put([group, name], { logStreamName: name, arn, creationTime: Date.now() });
    return true;
  });
}

/** Removes the stream with its events. */
export async function deleteStream(tables: Tables, input: unknown): Promise<object> {
  const { logGroupName, logStreamName } = parse(named, input);
  streamOf(tables, logGroupName, logStreamName);
  await tables.store.transaction(() => {
    for (const { key } of [...tables.byStream.under([logGroupName, logStreamName])])
      dropEvent(tables, logGroupName, logStreamName, position(key, 2));
    void tables.streams.remove([logGroupName, logStreamName]);
  });
  return {};
}

const describeInput = z.object({
  logStreamNamePrefix: z.string().optional(),
  orderBy: z.enum(['LogStreamName', 'LastEventTime']).default('LogStreamName'),
  descending: z.boolean().default(false),
  limit: z.number().int().min(1).max(MAX_PAGE).default(MAX_PAGE),
  nextToken: z.string().optional(),
});

export function describeStreams(tables: Tables, input: unknown): object {
  const group = parse(groupReference, input);
  const { logStreamNamePrefix = '', orderBy, descending, limit, nextToken } = parse(describeInput, input);
  if (logStreamNamePrefix !== '' && orderBy === 'LastEventTime')
    throw new AwsError(
      'InvalidParameterException',
      `logStreamNamePrefix ${logStreamNamePrefix} cannot go with orderBy LastEventTime: leave one out`,
    );
  groupOf(tables, group);
  const found = [...tables.streams.under([group])]
    .map(({ value }) => value)
    .filter((stream) => stream.logStreamName.startsWith(logStreamNamePrefix));
  if (orderBy === 'LastEventTime') found.sort((a, b) => lastTime(a) - lastTime(b));
  const { items, ...next } = page(descending ? found.reverse() : found, limit, nextToken);
  return { logStreams: items.map((stream) => ({ ...stream, storedBytes: 0 })), ...next };
}

function lastTime(stream: Stream): number {
  return stream.lastEventTimestamp ?? stream.creationTime;
}

const properties = z.object({ LogGroupName: groupName, LogStreamName: streamName.optional() });

/** AWS::Logs::LogStream */
export async function provisionStream(
  cloud: Cloud,
  tables: Tables,
  resource: Resource,
): Promise<Provisioned> {
  const { LogGroupName, LogStreamName = resource.generatedName } = parse(properties, resource.properties);
  await addStream(cloud, tables, LogGroupName, LogStreamName);
  return { ref: LogStreamName };
}
