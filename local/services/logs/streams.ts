import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud, Provisioned, Resource } from '../../core/cloud.ts';
import { pageOf, pageToken } from '../../core/paging.ts';
import { groupMembers, groupName, groupNameOf, streamName } from './names.ts';
import { dropRow, groupOf, position, type Stream, streamOf, type Tables } from './tables.ts';

const MAX_PAGE = 50;

/** The input of an operation on one stream. */
export const streamInput = z.strictObject({ logGroupName: groupName, logStreamName: streamName });
type StreamInput = z.infer<typeof streamInput>;

export async function createStream(
  cloud: Cloud,
  tables: Tables,
  { logGroupName, logStreamName }: StreamInput,
): Promise<object> {
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
export async function deleteStream(
  tables: Tables,
  { logGroupName, logStreamName }: StreamInput,
): Promise<object> {
  streamOf(tables, logGroupName, logStreamName);
  await tables.store.transaction(() => {
    for (const { key } of [...tables.byStream.under([logGroupName, logStreamName])])
      dropRow(tables, logGroupName, logStreamName, position(key, 2));
    void tables.streams.remove([logGroupName, logStreamName]);
  });
  return {};
}

export const describeInput = z.strictObject({
  ...groupMembers,
  logStreamNamePrefix: z.string().optional(),
  orderBy: z.enum(['LogStreamName', 'LastEventTime']).default('LogStreamName'),
  descending: z.boolean().default(false),
  limit: z.number().int().min(1).max(MAX_PAGE).default(MAX_PAGE),
  nextToken: pageToken(z.union([z.string(), z.tuple([z.number(), z.string()])])).optional(),
});

export function describeStreams(tables: Tables, input: z.infer<typeof describeInput>): object {
  const { logStreamNamePrefix = '', orderBy, descending, limit, nextToken } = input;
  const group = groupNameOf(input);
  if (logStreamNamePrefix !== '' && orderBy === 'LastEventTime')
    throw new AwsError(
      'InvalidParameterException',
      `logStreamNamePrefix ${logStreamNamePrefix} cannot go with orderBy LastEventTime: leave one out`,
    );
  groupOf(tables, group);
  const streams = [...tables.streams.under([group])]
    .map(({ value }) => value)
    .filter((stream) => stream.logStreamName.startsWith(logStreamNamePrefix));
  const keyOf = orderBy === 'LastEventTime' ? byLastTime : byName;
  const { items, next } = pageOf(streams, keyOf, { limit, after: nextToken, reverse: descending });
  return { logStreams: items.map((stream) => ({ ...stream, storedBytes: 0 })), nextToken: next };
}

const byName = ({ logStreamName }: Stream) => logStreamName;
const byLastTime = ({ logStreamName, lastEventTimestamp, creationTime }: Stream) => [
  lastEventTimestamp ?? creationTime,
  logStreamName,
];

export const streamProperties = z.strictObject({
  LogGroupName: groupName,
  LogStreamName: streamName.optional(),
});

/** Makes a stream of the template; one that is there stays as it is. */
export async function provisionStream(
  cloud: Cloud,
  tables: Tables,
  { LogGroupName, LogStreamName }: z.infer<typeof streamProperties>,
  { generatedName }: Resource,
): Promise<Provisioned> {
  if (!tables.groups.get(LogGroupName))
    throw new AwsError('ResourceNotFoundException', `there is no log group ${LogGroupName}: make it first`);
  const name = LogStreamName ?? generatedName;
  await addStream(cloud, tables, LogGroupName, name);
  return { ref: name };
}
