import type { Cloud, Service } from '../../core/cloud.ts';
import { operation, resourceType } from '../../core/gate.ts';
import * as apiDestinations from './api-destinations.ts';
import * as archives from './archives.ts';
import * as buses from './buses.ts';
import * as connections from './connections.ts';
import { attempt } from './deliver.ts';
import { putEvents, putEventsInput } from './put-events.ts';
import { type DeliveryQueue, deliveryQueue } from './queue.ts';
import { type ReplayRunner, replayRunner } from './replay-runner.ts';
import * as replays from './replays.ts';
import { startRetention } from './retention.ts';
import { forgetGoneRules, loadRules } from './rule-store.ts';
import * as targets from './rule-targets.ts';
import * as rules from './rules.ts';
import { startSchedules } from './schedule.ts';
import { type State, stateOf } from './tables.ts';
import { testEventPattern, testInput } from './test-event-pattern.ts';

/** EventBridge: classic buses, rules, archives and replays; an event is on disk for every target before PutEvents answers. */
export function eventsService(cloud: Cloud): Service {
  const state = stateOf(cloud);
  // Services that start before this one put events, too.
  loadRules(state);
  const queue = deliveryQueue(state, (delivery) => attempt(state, delivery));
  const runner = replayRunner(state, queue);
  let stopRetention: (() => Promise<void>) | undefined;
  let stopSchedules: (() => Promise<void>) | undefined;
  return {
    name: 'events',
    operations: operations(state, queue, runner),
    resources: resources(state),
    start: async () => {
      await forgetGoneRules(state);
      queue.start();
      runner.start();
      stopRetention = startRetention(state);
      stopSchedules = startSchedules(state, queue);
    },
    stop: async () => {
      await Promise.all([runner.stop(), stopRetention?.(), stopSchedules?.()]);
      await queue.stop();
    },
  };
}

const operations = (state: State, queue: DeliveryQueue, runner: ReplayRunner): Service['operations'] => ({
  PutEvents: operation(putEventsInput, (input, call) => putEvents(state, queue, input, call)),
  TestEventPattern: operation(testInput, testEventPattern),
  DescribeEventBus: operation(buses.describeInput, (input) => buses.describeBus(state, input)),
  ListEventBuses: operation(buses.listInput, (input) => buses.listBuses(state, input)),
  PutRule: operation(rules.putRuleInput, (input) => rules.putRule(state, input)),
  DeleteRule: operation(rules.ruleReference, (input) => rules.deleteRule(state, input)),
  DescribeRule: operation(rules.ruleReference, (input) => rules.describeRule(state, input)),
  ListRules: operation(rules.listInput, (input) => rules.listRules(state, input)),
  ListRuleNamesByTarget: operation(rules.listNamesInput, (input) =>
    rules.listRuleNamesByTarget(state, input),
  ),
  EnableRule: operation(rules.ruleReference, (input) => rules.switchRule(state, input, 'ENABLED')),
  DisableRule: operation(rules.ruleReference, (input) => rules.switchRule(state, input, 'DISABLED')),
  PutTargets: operation(targets.putInput, (input) => targets.putTargets(state, input)),
  RemoveTargets: operation(targets.removeInput, (input) => targets.removeTargets(state, input)),
  ListTargetsByRule: operation(targets.listInput, (input) => targets.listTargetsByRule(state, input)),
  CreateConnection: operation(connections.createConnectionInput, (input) =>
    connections.createConnection(state, input),
  ),
  DescribeConnection: operation(connections.nameInput, (input) =>
    connections.describeConnection(state, input),
  ),
  DeleteConnection: operation(connections.nameInput, (input) => connections.deleteConnection(state, input)),
  CreateApiDestination: operation(apiDestinations.createInput, (input) =>
    apiDestinations.createApiDestination(state, input),
  ),
  DescribeApiDestination: operation(connections.nameInput, (input) =>
    apiDestinations.describeApiDestination(state, input),
  ),
  DeleteApiDestination: operation(connections.nameInput, (input) =>
    apiDestinations.deleteApiDestination(state, input),
  ),
  DescribeArchive: operation(archives.describeInput, (input) => archives.describeArchive(state, input)),
  ListArchives: operation(archives.listInput, (input) => archives.listArchives(state, input)),
  StartReplay: operation(replays.startInput, (input) => replays.startReplay(state, runner, input)),
  CancelReplay: operation(replays.replayReference, (input) => replays.cancelReplay(state, input)),
  DescribeReplay: operation(replays.replayReference, (input) => replays.describeReplay(state, input)),
  ListReplays: operation(replays.listInput, (input) => replays.listReplays(state, input)),
});

const resources = (state: State): Service['resources'] => ({
  'AWS::Events::EventBus': resourceType(buses.busProperties, (properties) =>
    buses.provisionBus(state, properties),
  ),
  'AWS::Events::Rule': resourceType(
    rules.ruleProperties,
    (properties, resource) => rules.provisionRule(state, properties, resource),
    (_resource, made) => rules.removeRule(state, made),
  ),
  'AWS::Events::Archive': resourceType(archives.archiveProperties, (properties, resource) =>
    archives.provisionArchive(state, properties, resource),
  ),
});
