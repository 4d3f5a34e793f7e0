import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { hooks } from '../../../events/providers/github/hooks.ts';
import { redeliverFailed } from '../../../functions/reconcile/failed-deliveries.ts';
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

const MINUTE = 60_000;

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
    const tell = { failed: (each: FailedDelivery) => void found.push(each), problem: expect.fail };
    await redeliverFailed({ ...query, mode, tell });
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
