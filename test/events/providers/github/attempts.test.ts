import { generateKeyPairSync } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { CommitStatus } from '../../../../events/provider.ts';
import { appTokens } from '../../../../events/providers/github/app-tokens.ts';
import { writeCheck } from '../../../../events/providers/github/check.ts';
import { appHooks, hooks } from '../../../../events/providers/github/hooks.ts';
import { repository } from '../../../../events/providers/github/push.ts';
import { requestReader } from '../../../../events/providers/github/requests.ts';
import { writeStatus } from '../../../../events/providers/github/status.ts';
import { HostRefused } from '../../../../events/request-reader.ts';
import { type AnsweringApi, startAnsweringApi } from '../../../support/api-answers.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const app = { id: '7', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
const status: CommitStatus = {
  repository: 'acme/app',
  commit: 'c0ffee',
  state: 'success',
  description: 'd'.repeat(200),
  context: 'hookline/acme',
  targetUrl: 'https://console.example',
};

let api: AnsweringApi;
beforeAll(async () => {
  api = await startAnsweringApi();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
afterAll(() => api?.close());

const address = () => ({ host: 'ghes', url: api.url, token: 'a' });
const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  'a commit status': () => writeStatus(address(), status),
  'a check run': () => writeCheck(address(), '7', status),
  'a request': () => requestReader.read(address(), 'acme/app', 12),
  'a permission': () => requestReader.mayWrite(address(), 'acme/app', 'ada'),
  'a token of an App': () => appTokens.mint(address(), app, { repository: 'acme/app', use: 'read' }),
};

/** What comes of a call whose pauses take no time. */
async function ended(call: () => Promise<unknown>): Promise<unknown> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let end: { readonly with: unknown } | undefined;
  void call().then(
    (value) => {
      end = { with: value };
    },
    (error: unknown) => {
      end = { with: error };
    },
  );
  while (end === undefined) {
    vi.advanceTimersByTime(1000);
    await setImmediate();
  }
  return end.with;
}

it.each(Object.entries(calls))('%s is asked for three times of a host that fails', async (_title, call) => {
  api.answer(() => ({ status: 500, body: { message: 'so it is' } }));
  const error = await ended(call);
  expect(error).toMatchObject({ status: 500 });
  // Another token would change nothing.
  expect(error).not.toBeInstanceOf(HostRefused);
  expect(api.asked).toHaveLength(3);
});

it.each(Object.entries(calls))('%s is asked for once of a host that refuses', async (_title, call) => {
  api.answer(() => ({ status: 404 }));
  await ended(call);
  expect(api.asked).toHaveLength(1);
});

/** Each time limit that a call sets is over when this ends it: what a clock would do. */
function timeLimits() {
  const limits: { readonly ms: number; readonly controller: AbortController }[] = [];
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const controller = new AbortController();
    limits.push({ ms, controller });
    return controller.signal;
  });
  return (ms: number) => {
    for (const limit of limits)
      if (limit.ms === ms) limit.controller.abort(new DOMException('The time is over.', 'TimeoutError'));
  };
}

it.each(Object.entries(calls))(
  '%s is asked for three times of a host that does not answer',
  async (_title, call) => {
    const over = timeLimits();
    api.answer(() => void over(8000));
    expect(await ended(call)).toMatchObject({ message: 'The time is over.' });
    expect(api.asked).toHaveLength(3);
  },
);

const once: Readonly<Record<string, () => Promise<unknown>>> = {
  'a repository': () => repository(address(), 'acme/app'),
  'a list of webhooks': () => hooks(address(), 'acme/app').list(),
  'the webhook of an App': () => appHooks(address()).list(),
  'a redelivery': () => hooks(address(), 'acme').redeliver('4', '17'),
};

it.each(Object.entries({ ...calls, ...once }))(
  '%s is asked for no longer than 20 s',
  async (_title, call) => {
    const over = timeLimits();
    api.answer(() => void over(20_000));
    expect(await ended(call)).toMatchObject({ message: expect.stringMatching(/^the time .*is over/i) });
    expect(api.asked).toHaveLength(1);
  },
);

it.each(Object.entries({ ...calls, ...once }))(
  '%s is asked for once of a host that is at its limit, which is no word of the token',
  async (_title, call) => {
    api.answer(() => ({
      ...{ status: 403, body: { message: 'API rate limit exceeded' } },
      headers: { 'retry-after': '90' },
    }));
    const error = await ended(call);
    expect(error).toMatchObject({ name: 'HostRests', message: 'ghes asks for 90 s of rest', seconds: 90 });
    expect(api.asked).toHaveLength(1);
  },
);

it('a commit status is written although the host fails at first', async () => {
  api.answer(() => ({ status: api.asked.length < 3 ? 502 : 201 }));
  expect(await ended(() => writeStatus(address(), status))).toEqual({ status: 'written', reason: '' });
  expect(api.asked.at(-1)).toMatchObject({
    method: 'POST',
    path: '/repos/acme/app/statuses/c0ffee',
    body: {
      state: 'success',
      context: 'hookline/acme',
      description: 'd'.repeat(140),
      target_url: 'https://console.example',
    },
  });
});

it.each([
  [401, 'ghes does not take the token of the credentials secret: give it a valid one'],
  [403, 'ghes answered 403 for acme/app: the token must be allowed to write commit statuses there'],
  [404, 'ghes answered 404 for acme/app: the token must be allowed to write commit statuses there'],
])('a commit status that the host refuses by %i is an answer, with its reason', async (code, reason) => {
  api.answer(() => ({ status: code }));
  expect(await writeStatus(address(), status)).toEqual({
    status: 'refused',
    reason: expect.stringContaining(reason),
  });
});

it('a permission that the host does not name is an error, and no refusal of the user', async () => {
  api.answer(() => ({ body: { role: 'writer' } }));
  await expect(requestReader.mayWrite(address(), 'acme/app', 'ada')).rejects.toThrow('permission');
});

it('a commit status that is wrong is an error', async () => {
  api.answer(() => ({ status: 422, body: { message: 'no commit' } }));
  await expect(writeStatus(address(), status)).rejects.toMatchObject({ status: 422 });
});
