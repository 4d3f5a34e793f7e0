import {
  DescribeReplayCommand,
  EventBridgeClient,
  ListRulesCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Hookline, startHookline } from '../support/hookline.ts';

let hookline: Hookline;
let events: EventBridgeClient;
beforeAll(async () => {
  hookline = await startHookline();
  events = new EventBridgeClient(hookline.access);
});
afterAll(async () => {
  events?.destroy();
  await hookline?.remove();
});

const replay = async (ReplayName: string, FilterArns: string[] = []) => {
  const base = 'arn:aws:events:us-east-1:000000000000';
  const { busName, archiveName } = hookline.outputs;
  const HOUR = 3_600_000;
  await events.send(
    new StartReplayCommand({
      ReplayName,
      EventSourceArn: `${base}:archive/${archiveName}`,
      EventStartTime: new Date(Date.now() - HOUR),
      EventEndTime: new Date(Date.now() + HOUR),
      Destination: { Arn: `${base}:event-bus/${busName}`, FilterArns },
    }),
  );
  await vi.waitFor(
    async () => {
      const { State } = await events.send(new DescribeReplayCommand({ ReplayName }));
      expect(State).toBe('COMPLETED');
    },
    { interval: 50 },
  );
};

it('a replay runs a delivery again, once for each replay name', async () => {
  const { deliveryId } = await hookline.deliver('ping', { zen: 'Again.', hook_id: 1 });
  expect(await hookline.ended(deliveryId)).toMatchObject([{ outcome: 'Pong' }]);
  await replay('first');
  const twice = await hookline.ended(deliveryId, 2);
  expect(twice.map(({ outcome }) => outcome)).toEqual(['Pong', 'Pong']);
  expect(twice.map(({ input }) => input)).toContainEqual(expect.objectContaining({ replayName: 'first' }));
  await replay('second');
  expect(await hookline.ended(deliveryId, 3)).toHaveLength(3);
});

it('a replay into one rule leaves the others alone', async () => {
  const { deliveryId } = await hookline.deliver('ping', { zen: 'Once.', hook_id: 1 });
  await hookline.ended(deliveryId);
  const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName: hookline.outputs.busName }));
  const demo = Rules.find(({ Name }) => Name === 'hookline-demo');
  await replay('elsewhere', [demo?.Arn ?? '']);
  await replay('here');
  const ended = await hookline.ended(deliveryId, 2);
  expect(ended).toHaveLength(2);
  expect(ended.map(({ input }) => input)).toContainEqual(expect.objectContaining({ replayName: 'here' }));
});
