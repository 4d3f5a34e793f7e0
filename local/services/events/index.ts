import type { Cloud, Service } from '../../core/cloud.ts';
import { describeArchive, listArchives, provisionArchive } from './archives.ts';
import { describeBus, listBuses, provisionBus } from './buses.ts';
import { attempt } from './deliver.ts';
import { putEvents } from './put-events.ts';
import { deliveryQueue } from './queue.ts';
import { replayRunner } from './replay-runner.ts';
import { cancelReplay, describeReplay, listReplays, startReplay } from './replays.ts';
import { startRetention } from './retention.ts';
import { forgetGoneRules, loadRules } from './rule-store.ts';
import * as rules from './rules.ts';
import { stateOf } from './tables.ts';
import { testEventPattern } from './test-event-pattern.ts';

/** EventBridge: classic buses, rules, archives and replays; an event is on disk for every target before PutEvents answers. */
export function eventsService(cloud: Cloud): Service {
  const state = stateOf(cloud);
  const queue = deliveryQueue(state, (delivery) => attempt(state, delivery));
  const replays = replayRunner(state, queue);
  let stopRetention: (() => Promise<void>) | undefined;
  return {
    name: 'events',
    operations: {
      PutEvents: (input) => putEvents(state, queue, input),
      TestEventPattern: testEventPattern,
      DescribeEventBus: (input) => describeBus(state, input),
      ListEventBuses: (input) => listBuses(state, input),
      PutRule: (input) => rules.putRule(state, input),
      DeleteRule: (input) => rules.deleteRule(state, input),
      DescribeRule: (input) => rules.describeRule(state, input),
      ListRules: (input) => rules.listRules(state, input),
      ListRuleNamesByTarget: (input) => rules.listRuleNamesByTarget(state, input),
      EnableRule: (input) => rules.switchRule(state, input, 'ENABLED'),
      DisableRule: (input) => rules.switchRule(state, input, 'DISABLED'),
      PutTargets: (input) => rules.putTargets(state, input),
      RemoveTargets: (input) => rules.removeTargets(state, input),
      ListTargetsByRule: (input) => rules.listTargetsByRule(state, input),
      DescribeArchive: (input) => describeArchive(state, input),
      ListArchives: (input) => listArchives(state, input),
      StartReplay: (input) => startReplay(state, replays, input),
      CancelReplay: (input) => cancelReplay(state, input),
      DescribeReplay: (input) => describeReplay(state, input),
      ListReplays: (input) => listReplays(state, input),
    },
    resources: {
      'AWS::Events::EventBus': (resource) => provisionBus(state, resource),
      'AWS::Events::Rule': (resource) => rules.provisionRule(state, resource),
      'AWS::Events::Archive': (resource) => provisionArchive(state, resource),
      // Every caller here is of the one account, so there is nothing for it to grant.
      'AWS::Events::EventBusPolicy': ({ generatedName }) => ({ ref: generatedName }),
    },
    removals: {
      'AWS::Events::Rule': (_resource, made) => rules.removeRule(state, made),
      'AWS::Events::EventBusPolicy': () => undefined,
    },
    start: async () => {
      loadRules(state);
      await forgetGoneRules(state);
      queue.start();
      replays.start();
      stopRetention = startRetention(state);
    },
    stop: async () => {
      await Promise.all([replays.stop(), stopRetention?.()]);
      await queue.stop();
    },
  };
}
