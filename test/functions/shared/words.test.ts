import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readHost } from '../../../functions/shared/hosts.ts';
import { checkBody, readAs } from '../../../functions/shared/input.ts';
import { pipelineNameOf } from '../../../functions/shared/pipeline-name.ts';
import { putResult } from '../../../functions/shared/put-result.ts';
import { readRecord } from '../../../functions/shared/ref-record.ts';
import { retryAfterIn, retryAfterText } from '../../../functions/shared/retry-after-text.ts';
import { appOf, credentialsSchema, webhookSecretsSchema } from '../../../functions/shared/secrets.ts';
import { environment, parseSetting } from '../../../functions/shared/setting.ts';
import { messageOf, parsed } from '../../../functions/shared/thrown.ts';
import { unreached } from '../../../functions/shared/unreached.ts';
import { sdkErrors } from '../../../statemachine/service-errors.ts';
import { answeredCalls } from '../../support/functions/answer-calls.ts';
import { pulledState } from '../../support/functions/steps.ts';

const answers = answeredCalls();
const thrownBy = (call: () => unknown): string => {
  try {
    return `no failure: ${JSON.stringify(call())}`;
  } catch (error) {
    return String(error);
  }
};

describe('a setting that is wrong is Misconfigured', () => {
  it('when it is missing, or empty', () => {
    process.env.SOME_TABLE = '';
    for (const name of ['SOME_TABLE', 'NOBODY_SETS_IT'])
      expect(thrownBy(() => environment(name))).toBe(
        `Misconfigured: environment variable ${name} is not set; deploy the stack again`,
      );
    process.env.SOME_TABLE = 'table';
    expect(environment('SOME_TABLE')).toBe('table');
  });

  it('when it is no JSON, and is not quoted: it may be a secret', () => {
    for (const text of ['hidden-token', '', undefined])
      expect(thrownBy(() => parseSetting('the secret', text, z.object({})))).toBe(
        'Misconfigured: the secret is not JSON; write an object with a member per host',
      );
  });

  it('by the members that are wrong, and not by what they are', () => {
    const schema = z.object({ a: z.object({ b: z.string() }), c: z.string() });
    const message = thrownBy(() => parseSetting('the secret', '{"a":{"b":12345},"c":67890}', schema));
    expect(message).toMatch(
      /^Misconfigured: the secret is not as it should be; change a\.b: .*number, c: .*number$/,
    );
    expect(message).not.toMatch(/12345|67890/);
    expect(thrownBy(() => parseSetting('the secret', '[]', schema))).toContain('; change the value: ');
    expect(parseSetting('it', '{"a":{"b":"x"},"c":"y"}', schema)).toEqual({ a: { b: 'x' }, c: 'y' });
  });

  it('by the hosts that there are', async () => {
    process.env.HOSTS_PARAMETER = 'no-hosts';
    answers.GetParameter = () => ({ Parameter: { Value: '{}' } });
    await expect(readHost('git.test')).rejects.toThrow(
      'host "git.test" is not configured (configured: none); add it to the hosts setting and deploy',
    );
  });

  it('by the App that is not there', async () => {
    const message =
      'the credential of git.test is an App that is not there: set it with "hookline secret set git.test app", after `app: true` of the host in cdk.json is deployed';
    delete process.env.APPS_SECRET_ARN;
    await expect(appOf('git.test')).rejects.toMatchObject({ name: 'Misconfigured', message });
    process.env.APPS_SECRET_ARN = 'apps';
    answers.GetSecretValue = () => ({ SecretString: '{"other.test":{"id":"1","privateKey":"k"}}' });
    await expect(appOf('git.test')).rejects.toMatchObject({ name: 'Misconfigured', message });
    for (const name of ['constructor', 'toString']) await expect(appOf(name)).rejects.toThrow('is an App');
    expect(await appOf('other.test')).toEqual({ id: '1', privateKey: 'k' });
  });

  it('by the name of a pipeline that a rule does not have', () => {
    const { rule, ...state } = pulledState('refs/heads/main', {}, { pipeline: undefined });
    expect(thrownBy(() => pipelineNameOf({ ...state, rule }))).toBe(
      'Misconfigured: rule default names no pipeline; add one',
    );
    const named = { ...rule, pipeline: { name: '{payload.name}', variables: {} } };
    expect(thrownBy(() => pipelineNameOf({ ...state, rule: named }))).toMatch(
      /^PipelineMissing: the pipeline \{payload\.name\} has no .*; change `pipeline\.name` of rule default, or its match$/,
    );
  });

  it('by a record of a ref that is not as it should be', async () => {
    process.env.REFS_TABLE = 'refs';
    answers.Get = () => ({ Item: { id: 'a ref', next: 'one' } });
    await expect(readRecord('a ref', z.object({ next: z.number() }))).rejects.toMatchObject({
      name: 'Misconfigured',
      message: expect.stringMatching(/^the ref's record "a ref" is not as it should be; delete it: .*next/s),
    });
  });
});

describe('a secret', () => {
  it('of webhooks is one, or the current and the previous', () => {
    const takes = (value: unknown) => webhookSecretsSchema.safeParse({ 'github.com': value }).success;
    expect(['a', ['a'], ['a', 'b'], []].map(takes)).toEqual([true, true, true, true]);
    expect(['', ['a', ''], ['a', 'b', 'c'], 1].map(takes)).toEqual([false, false, false, false]);
  });

  it('has a name of a user that ends no header, and no member that nobody knows', () => {
    const takes = (value: object) => credentialsSchema.safeParse({ 'github.com': value }).success;
    expect(['ada', 'ada@acme', 'x-access-token'].map((username) => takes({ username }))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['', 'a:b', ':a', 'a:', 'a b', ' a', 'a\n'].map((username) => takes({ username }))).toEqual(
      Array(7).fill(false),
    );
    expect([{ tokn: 't' }, { token: '' }, { app: 'yes' }].map(takes)).toEqual([false, false, false]);
    expect(takes({ token: 't', sshKey: 'k', knownHosts: 'h', app: true })).toBe(true);
  });
});

describe('an input', () => {
  it('that is wrong says where, and quotes nothing', () => {
    const schema = z.object({ a: z.object({ b: z.string() }), c: z.string() });
    expect(thrownBy(() => readAs('the input', { a: { b: 12345 } }, schema))).toMatch(
      /^Malformed: the input is not as it should be; a\.b: expected string, received number, c: expected string, received undefined$/,
    );
    expect(thrownBy(() => readAs('the input', 'x', schema))).toMatch(
      /; it: expected object, received string$/,
    );
  });

  it('holds as many bytes as an event of the bus, as base64 with its padding', () => {
    const most = Math.ceil((1024 * 1024) / 3) * 4;
    expect(() => checkBody('A'.repeat(most))).not.toThrow();
    expect(thrownBy(() => checkBody('A'.repeat(most + 4)))).toBe(
      `Malformed: the body has ${most + 4} characters of base64, an event holds 1048576 bytes; send a smaller one`,
    );
    for (const body of ['A', 'AAA', 'AA=', 'A A=', 'AB==', '-_==', 'AAAA\n'])
      expect(thrownBy(() => checkBody(body))).toBe(
        'Malformed: the body is not base64 with its padding; pass the raw bytes on as the door encodes them',
      );
    for (const body of ['', 'AA==', 'AAA=', 'AAAA']) expect(() => checkBody(body)).not.toThrow();
  });
});

describe('what a service says', () => {
  it('of an error is its message, and of what is no error the cause itself', () => {
    const thrown = { errorType: 'TypeError', errorMessage: 'x is not a function' };
    expect(messageOf(JSON.stringify(thrown))).toBe('x is not a function');
    for (const cause of ['killed', '{}', '{"errorMessage":"x"}', '{"errorType":"x"}', ''])
      expect(messageOf(cause)).toBe(cause);
    expect(parsed('{"a":1}')).toEqual({ a: 1 });
    expect(parsed('{')).toBeUndefined();
  });

  it('of the rest that a host asks for is read again as it was said', () => {
    for (const seconds of [0, 7, 3600])
      expect(retryAfterIn(`429; ${retryAfterText(seconds)} (x)`)).toBe(seconds);
    expect(retryAfterText(7)).toBe('it asks for 7 s of rest');
    for (const text of ['', 'it asks for some s of rest', 'it asks for 7 m of rest'])
      expect(retryAfterIn(text)).toBe(0);
  });

  it.each(['EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND'])(
    'of a connection that failed is a name after which a step runs again: %s',
    (code) => {
      const error = Object.assign(new Error(`connect ${code}`), { code, $metadata: {} });
      const named = unreached(error);
      expect(named).toMatchObject({
        name: 'ServiceUnavailable',
        message: `a service of AWS could not be reached: connect ${code}`,
        cause: error,
      });
      for (const other of [
        Object.assign(new Error('x'), { code }),
        Object.assign(new Error('x'), { code: 'EPIPE', $metadata: {} }),
        Object.assign(new Error('x'), { $metadata: {} }),
        { code, $metadata: {} },
        undefined,
      ])
        expect(unreached(other)).toBe(other);
    },
  );

  it('of an event that the bus did not take is an error', async () => {
    process.env.BUS_NAME = 'hookline';
    const record = {
      host: 'github.com',
      deliveryId: 'd',
      event: 'push',
      receivedAt: 't',
      rule: 'r',
      executionArn: 'e',
    };
    answers.PutEvents = () => ({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'try again' }],
    });
    const refused = await putResult('delivery ended', record).catch((error: Error) => error);
    expect(refused).toMatchObject({
      name: 'InternalFailure',
      message: 'the bus hookline did not take the event delivery ended: InternalFailure try again',
    });
    expect(sdkErrors).toContain(Object(refused).name);
    for (const Entries of [undefined, []]) {
      answers.PutEvents = () => ({ FailedEntryCount: 1, Entries });
      await expect(putResult('pipeline ended', record)).rejects.toMatchObject({
        name: 'Error',
        message: 'the bus hookline did not take the event pipeline ended: Error ',
      });
    }
  });
});
