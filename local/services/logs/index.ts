import type { Cloud, Service } from '../../core/cloud.ts';
import { operation, resourceType } from '../../core/gate.ts';
import { filterInput, filterLogEvents } from './filter-log-events.ts';
import { getInput, getLogEvents } from './get-log-events.ts';
import * as groups from './groups.ts';
import * as made from './made-policies.ts';
import { metricFilterProperties } from './metric-filter.ts';
import { putInput, putLogEvents } from './put-log-events.ts';
import { policyProperties, provisionPolicy, removePolicy } from './resource-policy.ts';
import { startRetention } from './retention.ts';
import * as streams from './streams.ts';
import { tablesOf } from './tables.ts';

/** CloudWatch Logs: groups, streams and their events, kept in the store until their group's retention ends. */
export function logsService(cloud: Cloud): Service {
  const tables = tablesOf(cloud);
  let stopRetention: (() => Promise<void>) | undefined;
  return {
    name: 'logs',
    invalidInput: 'InvalidParameterException',
    operations: {
      CreateLogGroup: operation(groups.createInput, (input) => groups.createGroup(cloud, tables, input)),
      DeleteLogGroup: operation(groups.groupInput, (input) => groups.deleteGroup(tables, input)),
      DescribeLogGroups: operation(groups.describeInput, (input) => groups.describeGroups(tables, input)),
      PutRetentionPolicy: operation(groups.retentionInput, (input) => groups.putRetention(tables, input)),
      DeleteRetentionPolicy: operation(groups.groupInput, (input) => groups.removeRetention(tables, input)),
      CreateLogStream: operation(streams.streamInput, (input) => streams.createStream(cloud, tables, input)),
      DeleteLogStream: operation(streams.streamInput, (input) => streams.deleteStream(tables, input)),
      DescribeLogStreams: operation(streams.describeInput, (input) => streams.describeStreams(tables, input)),
      PutLogEvents: operation(putInput, (input) => putLogEvents(tables, input)),
      GetLogEvents: operation(getInput, (input) => getLogEvents(tables, input)),
      PutResourcePolicy: operation(made.putPolicyInput, (input) => made.putPolicy(cloud, tables, input)),
      DeleteResourcePolicy: operation(made.deletePolicyInput, (input) =>
        made.deletePolicy(cloud, tables, input),
      ),
      FilterLogEvents: operation(filterInput, (input) => filterLogEvents(tables, input)),
    },
    resources: {
      'AWS::Logs::LogGroup': resourceType(
        groups.groupProperties,
        (properties, resource) => groups.provisionGroup(cloud, tables, properties, resource),
        (_resource, { ref }) => groups.removeGroup(tables, ref),
      ),
      'AWS::Logs::LogStream': resourceType(streams.streamProperties, (properties, resource) =>
        streams.provisionStream(cloud, tables, properties, resource),
      ),
      'AWS::Logs::MetricFilter': resourceType(
        metricFilterProperties,
        ({ FilterName }, { generatedName }) => ({ ref: FilterName ?? generatedName }),
        () => undefined,
      ),
      'AWS::Logs::ResourcePolicy': resourceType(
        policyProperties,
        (properties) => provisionPolicy(cloud, tables, properties),
        (_resource, policy) => removePolicy(cloud, tables, policy),
      ),
    },
    start: async () => {
      made.registerMade(cloud, tables);
      stopRetention = startRetention(cloud, tables);
    },
    stop: async () => stopRetention?.(),
  };
}
