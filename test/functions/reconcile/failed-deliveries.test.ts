import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { HookDelivery } from '../../../events/administration.ts';
import { hooks } from '../../../events/providers/github/hooks.ts';
import { dueAttempts, redeliverFailed } from '../../../functions/reconcile/failed-deliveries.ts';
import type { FailedDelivery } from '../../../statemachine/reconcile.ts';
import { type Steps, startSteps } from '../../support/functions/steps.ts';
import {
  callApi,
  type Receiver,
  type RunningHost,
  startHost,
  startReceiver,
  TOKEN,
  workTree,
} from '../../support/git-host.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const MINUTE = 60_000;

/** An attempt so many minutes ago. */
const attempt = (guid: string, minutes: number, status_code: number): HookDelivery => ({
  id: `${guid}-${minutes}`,
  guid,
  delivered_at: new Date(NOW - minutes * MINUTE).toISOString(),
  event: 'push',
  status: status_code === 0 ? 'timed out' : 'answered',
  status_code,
});
const due = (...attempts: HookDelivery[]) => {
  const { due, next } = dueAttempts(attempts, NOW);
  return { ids: due.map(({ id }) => id), next: next && (NOW - Date.parse(next)) / MINUTE };
};

it('what failed without being refused is sent again, the oldest first', () => {
  const attempts = [
    attempt('throttled', 20, 429),
    attempt('fine', 25, 202),
    attempt('timed-out', 30, 0),
    attempt('failed', 40, 502),
    attempt('too-large', 50, 413),
    attempt('refused', 60, 400),
  ];
  expect(due(...attempts)).toEqual({ ids: ['failed-40', 'timed-out-30', 'throttled-20'], next: 40 });
});

it('what a later attempt has brought is done', () => {
  expect(due(attempt('a', 20, 202), attempt('a', 40, 502))).toEqual({ ids: [], next: 20 });
  expect(due(attempt('a', 20, 299), attempt('a', 40, 502)).ids).toEqual([]);
  expect(due(attempt('a', 20, 300), attempt('a', 40, 502))).toEqual({ ids: [], next: 40 });
});

it('an attempt of a moment ago is waited for, and five are enough', () => {
  expect(due(attempt('a', 5, 502), attempt('a', 40, 502))).toEqual({ ids: [], next: 40 });
  const five = [10, 20, 30, 40, 50].map((minutes) => attempt('a', minutes, 502));
  expect(due(...five)).toEqual({ ids: [], next: 10 });
  expect(due(...five.slice(1)).ids).toEqual(['a-20']);
  expect(due(attempt('a', 10, 502)).ids).toEqual(['a-10']);
});

let host: RunningHost;
let receiver: Receiver;
let steps: Steps;
beforeAll(async () => {
  [host, receiver, steps] = await Promise.all([startHost(), startReceiver(), startSteps()]);
});
afterEach(() => void vi.useRealTimers());
afterAll(async () => {
  await Promise.all([host?.remove(), receiver?.close(), steps?.close()]);
});

it('a host is asked for what failed at our door, once it is there again', async () => {
  process.env.DOORS = `https://other.example.com/ ${new URL('/', receiver.url).href}`;
  const tree = await workTree();
  await tree.git('push', '--quiet', host.clone('acme/app'), 'HEAD:refs/heads/main');
  receiver.answer(502);
  const config = { url: receiver.url, content_type: 'json', secret: 's' };
  await callApi(host, 'POST', '/repos/acme/app/hooks', { events: ['push'], config });
  await tree.git('push', '--quiet', host.clone('acme/app'), 'HEAD:refs/heads/topic');
  await vi.waitFor(() => expect(receiver.received.map(({ event }) => event)).toEqual(['ping', 'push']));
  receiver.answer(202);
  const api = { host: 'localhost', url: `${host.url}/api/v3`, token: TOKEN };
  const settings = { provider: 'github', url: host.url, api: api.url, ssh: '', clone: 'https' } as const;
  const known = {
    ...{ name: 'localhost', settings, webhookSecret: 's' },
    api: async () => api,
    authorization: async () => '',
  };
  const query = { host: known, of: 'acme/app', hooks: hooks(api, 'acme/app') };
  const look = async (dryRun: boolean): Promise<FailedDelivery[]> => {
    const found: FailedDelivery[] = [];
    const mode = { dryRun, patient: false, deadline: Date.now() + MINUTE };
    await redeliverFailed({ ...query, mode, told: (each) => void found.push(each) });
    return found;
  };
  expect(await look(false)).toEqual([]);
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() + 11 * MINUTE);
  const failed = ['ping', 'push'].map((event) => expect.objectContaining({ of: 'acme/app', event }));
  expect(await look(true)).toEqual(failed);
  expect(await look(true)).toEqual(failed);
  expect(await look(false)).toEqual(failed);
  await vi.waitFor(() => expect(receiver.received).toHaveLength(4), 10_000);
  vi.setSystemTime(Date.now() + 11 * MINUTE);
  await vi.waitFor(async () => expect(await look(false)).toEqual([]), 10_000);
  await tree.remove();
});
