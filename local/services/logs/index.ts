import type { Cloud, Service } from '../../core/cloud.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { getLogEvents } from './get-log-events.ts';
import {
  createGroup,
  deleteGroup,
  describeGroups,
  provisionGroup,
  putRetention,
  removeRetention,
} from './groups.ts';
import { putLogEvents } from './put-log-events.ts';
import { startSweeping } from './retention.ts';
import { createStream, deleteStream, describeStreams, provisionStream } from './streams.ts';
import { tablesOf } from './tables.ts';

/** CloudWatch Logs: groups, streams and their events, kept in the store until their group's retention ends. */
export function logsService(cloud: Cloud): Service {
  const tables = tablesOf(cloud);
  let stopSweeping: (() => void) | undefined;
  return {
    name: 'logs',
    operations: {
      CreateLogGroup: (input) => createGroup(cloud, tables, input),
      DeleteLogGroup: (input) => deleteGroup(tables, input),
      DescribeLogGroups: (input) => describeGroups(tables, input),
      PutRetentionPolicy: (input) => putRetention(tables, input),
      DeleteRetentionPolicy: (input) => removeRetention(tables, input),
      CreateLogStream: (input) => createStream(cloud, tables, input),
      DeleteLogStream: (input) => deleteStream(tables, input),
      DescribeLogStreams: (input) => describeStreams(tables, input),
      PutLogEvents: (input) => putLogEvents(tables, input),
      GetLogEvents: (input) => getLogEvents(tables, input),
      FilterLogEvents: (input) => filterLogEvents(tables, input),
    },
    resources: {
      'AWS::Logs::LogGroup': (resource) => provisionGroup(cloud, tables, resource),
      'AWS::Logs::LogStream': (resource) => provisionStream(cloud, tables, resource),
    },
    start: async () => {
      stopSweeping = await startSweeping(cloud, tables);
    },
    stop: async () => stopSweeping?.(),
  };
}
