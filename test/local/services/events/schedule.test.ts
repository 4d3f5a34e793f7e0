import { afterAll, afterEach, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { makeResource } from '../../../../local/core/gate.ts';
import { eventsService } from '../../../../local/services/events/index.ts';
import { millisecondsOf } from '../../../../local/services/events/rate.ts';
import { type FakeCloud, fakeCloud, fakeService, temporaryFolder } from '../../../../local/testing.ts';

const folder = temporaryFolder();
let cloud: FakeCloud;
afterEach(async () => {
  vi.useRealTimers();
  await cloud?.close();
});
afterAll(() => folder.remove());

const due = () =>
  z.object({ due: z.number() }).parse(cloud.store.collection('events/schedules').get('default/often')).due;
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

/** EventBridge with a rule of every five minutes. @returns the events that it has brought to its function */
async function open(state: string, properties: object = {}): Promise<unknown[]> {
  const events: unknown[] = [];
  cloud = fakeCloud(`${folder.path}/${state}`);
  const invoke = (input: unknown) => {
    events.push(JSON.parse(z.object({ Payload: z.string() }).parse(input).Payload));
    return {};
  };
  cloud.add(fakeService('lambda', { Invoke: invoke }));
  const service = cloud.add(eventsService(cloud));
  await makeResource(service, {
    stackName: 'T',
    logicalId: 'L',
    type: 'AWS::Events::Rule',
    properties: {
      Name: 'often',
      ScheduleExpression: 'rate(5 minutes)',
      Targets: [{ Id: 'one', Arn: 'arn:aws:lambda:us-east-1:000000000000:function:one' }],
      ...properties,
    },
    generatedName: 'T-L-1',
  });
  await service.start?.();
  await vi.waitFor(() => expect([...cloud.store.collection('events/schedules').entries()]).toHaveLength(1));
  return events;
}

it('a scheduled rule has an event of its own after each period, also after a stop', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const first = await open('kept');
  later(299_000);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect(first).toEqual([]);
  later(1000);
  await vi.waitFor(() => expect(first).toHaveLength(1), 5000);
  expect(first[0]).toMatchObject({
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    resources: ['arn:aws:events:us-east-1:000000000000:rule/often'],
    detail: {},
  });
  await cloud.close();
  later(3_000_000);
  const second = await open('kept');
  await vi.waitFor(() => expect(second).toHaveLength(1), 5000);
});

it('a rule has its events after a period again when the clock was days ahead and is set back', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  later(3 * 86_400_000);
  await open('set-back');
  await cloud.close();
  later(-3 * 86_400_000);
  const events = await open('set-back');
  await vi.waitFor(() => expect(due()).toBeLessThanOrEqual(Date.now() + 300_000), 5000);
  later(300_000);
  await vi.waitFor(() => expect(events).toHaveLength(1), 5000);
});

it('a rule that is off has none', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const events = await open('off', { State: 'DISABLED' });
  later(300_000);
  await vi.waitFor(() => expect(due()).toBeGreaterThan(Date.now()), 5000);
  expect(events).toEqual([]);
});

it('takes the rates that EventBridge takes', () => {
  expect(millisecondsOf('rate(1 minute)')).toBe(60_000);
  expect(millisecondsOf('rate(2 days)')).toBe(172_800_000);
  for (const wrong of [
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'rate(30 seconds)',
    'every day',
  ])
    expect(() => millisecondsOf(wrong)).toThrow('ScheduleExpression is not valid');
});
