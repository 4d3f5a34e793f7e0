import '../../support/interleave/silence.ts';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { appJwt } from '../../../events/providers/github/app-jwt.ts';
import { appHooks } from '../../../events/providers/github/hooks.ts';
import { reconcile } from '../../../functions/reconcile/reconcile.ts';
import { type Steps, startSteps } from '../../support/functions/steps.ts';
import {
  callApi,
  type Receiver,
  type RunningHost,
  startHost,
  startReceiver,
  workTree,
} from '../../support/git-host.ts';

const MINUTE = 60_000;
const appSchema = z.looseObject({ id: z.number().transform(String), pem: z.string() });

let host: RunningHost;
let receiver: Receiver;
let steps: Steps;
beforeAll(async () => {
  [host, receiver, steps] = await Promise.all([startHost(), startReceiver(), startSteps()]);
  const manifest = { hook_attributes: { url: receiver.url }, default_events: ['push'] };
  const { body } = await callApi(host, 'POST', '/app-manifests/c/conversions', manifest);
  const { id, pem: privateKey } = appSchema.parse(body);
  const address = { provider: 'github', url: host.url, api: `${host.url}/api/v3` };
  steps.hosts = { 'github.com': { ...address, credentialSecret: 'credentials' } };
  steps.apps = { 'github.com': { id, privateKey } };
});
afterEach(() => void vi.useRealTimers());
afterAll(async () => {
  await Promise.all([host?.remove(), receiver?.close(), steps?.close()]);
});

const look = (dryRun: boolean) => reconcile({ by: 'operator', dryRun, after: '' });

it('what failed of the webhook of an App is sent again, once, also of a repository that nothing was pulled of', async () => {
  process.env.DOORS = new URL('/', receiver.url).href;
  const tree = await workTree();
  receiver.answer(502);
  await tree.git('push', '--quiet', host.clone('acme/app'), 'HEAD:refs/heads/main');
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1));
  receiver.answer(202);
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() + 11 * MINUTE);
  const failed = [{ host: 'github.com', of: 'the App', event: 'push' }];
  // The failed attempt may not be on record the moment that it was answered.
  await vi.waitFor(async () => expect(await look(true)).toMatchObject({ failed, problems: [] }));
  expect(receiver.received).toHaveLength(1);
  expect(await look(false)).toMatchObject({ failed });
  await vi.waitFor(() => expect(receiver.received).toHaveLength(2));
  const [first, second] = receiver.received;
  expect(second?.headers['x-github-delivery']).toBe(first?.headers['x-github-delivery']);
  expect(second?.headers['x-github-hook-installation-target-type']).toBe('integration');
  vi.setSystemTime(Date.now() + 11 * MINUTE);
  await vi.waitFor(async () => expect((await look(false)).failed).toEqual([]));
  expect(receiver.received).toHaveLength(2);
  await tree.remove();
});

it('the webhook of an App that leads elsewhere is left alone, and an App without one is no problem', async () => {
  process.env.DOORS = 'https://other.example.com/';
  expect(await look(false)).toMatchObject({ failed: [], problems: [] });
  const { body } = await callApi(host, 'POST', '/app-manifests/c/conversions');
  const { id, pem: privateKey } = appSchema.parse(body);
  const address = { host: 'localhost', url: `${host.url}/api/v3` };
  const hooks = appHooks({ ...address, token: appJwt({ id, privateKey }) });
  expect(await hooks.list()).toEqual([]);
  await expect(appHooks({ ...address, token: 'a.b.c' }).list()).rejects.toThrow('answers 401');
});
