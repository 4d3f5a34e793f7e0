import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Webhook } from '../../../events/bus-event.ts';
import { verify } from '../../../functions/shared/verify.ts';
import { answeredCalls } from '../../support/functions/answer-calls.ts';
import { HOST, PUSH, PUSH_PAYLOAD, rawInput, SECRET, sign } from '../../support/functions/validate-aws.ts';

const answers = answeredCalls();
let names = 0;
beforeEach(() => {
  names += 1;
  vi.useFakeTimers({ toFake: ['Date'] });
  Object.assign(process.env, { HOSTS_PARAMETER: `hosts-${names}`, WEBHOOK_SECRET_ARN: `secrets-${names}` });
  const hosts = { [HOST]: { provider: 'github', url: 'https://github.com' } };
  answers.GetParameter = () => ({ Parameter: { Value: JSON.stringify(hosts) } });
  answers.GetSecretValue = () => ({ SecretString: JSON.stringify({ [HOST]: SECRET }) });
});
afterEach(() => void vi.useRealTimers());

const check = (more: Partial<Webhook> = {}, body = PUSH, event = 'push') =>
  verify({ ...rawInput(event, body), ...more }, new Date().toISOString());
const failure = (call: Promise<unknown>) => call.then(() => 'no failure', String);
const forged = () => check({ headers: { event: 'push', delivery: 'd', signature: sign(PUSH, 'other') } });

it('a webhook is checked as its host signs, whichever door it came by', async () => {
  // Another release may have another door.
  const other = { provider: 'other' as 'github' };
  expect(await failure(check(other))).toBe(
    'Rejected: the webhook of github.com came by the door of other, and the host is github; give the webhook the address that ends with /github',
  );
});

it('a host that is not configured is named in no more than 200 letters', async () => {
  const host = 'h'.repeat(300);
  const settings = { provider: 'github', url: 'https://github.com' };
  answers.GetParameter = () => ({
    Parameter: { Value: JSON.stringify({ [HOST]: settings, 'git.test': settings }) },
  });
  expect(await failure(check({ host }))).toBe(
    `Rejected: host "${'h'.repeat(200)}" is not configured (configured: github.com, git.test); add it to the hosts setting and deploy`,
  );
});

it('a parameter of hosts without a value is told of by its name', async () => {
  answers.GetParameter = () => ({});
  expect(await failure(check())).toBe(
    `Misconfigured: parameter hosts-${names} is not JSON; write an object with a member per host`,
  );
});

it('settings that may be older than the webhook refuse nothing: it is tried again', async () => {
  await check();
  expect(await failure(forged())).toMatch(/^Rejected: no webhook secret of github.com made this signature/);
  vi.setSystemTime(Date.now() + 1000);
  expect(await failure(forged())).toBe(
    'SettingsOld: the webhook secrets that are kept may be older than this webhook; try again in 8 s',
  );
  vi.setSystemTime(Date.now() + 4000);
  expect(await failure(forged())).toMatch(/^Rejected: no webhook secret/);
});

it('settings that were read two seconds after the event are newer than the webhook', async () => {
  const time = new Date().toISOString();
  const late = () => verify({ ...rawInput('push', PUSH, { host: 'new.test' }) }, time);
  vi.setSystemTime(Date.now() + 2000);
  expect(await failure(late())).toMatch(/^Rejected: host "new.test"/);
  vi.setSystemTime(Date.now() + 1000);
  expect(await failure(late())).toMatch(/^Rejected: host "new.test"/);
  const later = new Date(Date.parse(time) + 1).toISOString();
  expect(await failure(verify(rawInput('push', PUSH, { host: 'new.test' }), later))).toMatch(/^SettingsOld/);
});

it('a delivery id that is none is told of in no more than 200 letters', async () => {
  const delivery = `#${'d'.repeat(300)}`;
  const headers = { event: 'push', delivery, signature: sign(PUSH) };
  expect(await failure(check({ headers }))).toBe(
    `Malformed: the delivery id is "${delivery.slice(0, 200)}": expected ^[\\w-]{1,100}$`,
  );
  for (const id of ['a', 'A_b-9', 'x'.repeat(100)])
    expect((await check({ headers: { ...headers, delivery: id } })).delivery.id).toBe(id);
  for (const id of ['', 'x'.repeat(101), 'a b', 'a\n'])
    expect(await failure(check({ headers: { ...headers, delivery: id } }))).toMatch(
      /^Malformed: the delivery id/,
    );
});

it('a body that is not as the host sends it keeps what is wrong with it', async () => {
  const named = (full_name: string) => JSON.stringify({ ...PUSH_PAYLOAD, repository: { full_name } });
  for (const name of ['acme/..', '-acme/app', 'acme'])
    await expect(check({}, named(name))).rejects.toMatchObject({
      name: 'Malformed',
      message: expect.stringMatching(/^repository.full_name is /),
      cause: expect.any(Error),
    });
});
