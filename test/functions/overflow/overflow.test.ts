import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../../functions/overflow/index.ts';
import { handler as validate } from '../../../functions/validate/index.ts';
import { aroundCall } from '../../support/functions/around-call.ts';
import {
  type Aws,
  context,
  deployRules,
  HOST,
  rawInput,
  SECRET,
  sign,
  startAws,
} from '../../support/functions/validate-aws.ts';

const COMMIT = 'a'.repeat(40);
const PAYLOAD = {
  ref: 'refs/heads/main',
  after: COMMIT,
  repository: { full_name: 'acme/app' },
  padding: 'x'.repeat(400_000),
};
const PUSH = JSON.stringify(PAYLOAD);

let aws: Aws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws?.close());
beforeEach(() => {
  aws.forget();
  deployRules({ name: 'default' }, { name: 'docs', paths: ['docs/**'] });
});

interface Parts {
  readonly event?: object;
  readonly detail?: object;
  readonly rule?: string;
}

/** A record as the Pipe brings it: the event as it came to the bus, and why it did not reach the machine. */
function recordOf(body: string, { event = {}, detail = {}, rule = 'default' }: Parts = {}) {
  const { host, headers, body: base64 } = rawInput('push', body);
  return {
    messageId: 'm-1',
    receiptHandle: 'r-1',
    body: JSON.stringify({
      version: '0',
      id: 'event-1',
      time: '2026-11-23T12:00:00Z',
      source: 'hookline',
      detail: { provider: 'github', host, headers, body: base64, payload: {}, ...detail },
      ...event,
    }),
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: {
      RULE_ARN: {
        dataType: 'String',
        stringValue: `arn:aws:events:us-east-1:000000000000:rule/hookline/hookline-${rule}`,
      },
      ERROR_CODE: { dataType: 'String', stringValue: 'INVALID_PARAMETER' },
    },
    eventSource: 'aws:sqs',
  };
}

const reduce = (...records: unknown[]) => handler(records, context);

describe('a large delivery of a rule that names members of the payload', () => {
  it('has their values with it, as the body goes no further', async () => {
    const pipeline = { name: 'acme', variables: { BY: '{payload.pusher.name}', WHAT: '{payload.padding}' } };
    deployRules({ name: 'default', pipeline });
    const body = JSON.stringify({ ...PAYLOAD, pusher: { name: 'octo\ncat' } });
    const reduced = await reduce(recordOf(body));
    const values = { 'payload.pusher.name': 'octo cat', 'payload.padding': 'x'.repeat(1000) };
    expect(reduced).toMatchObject([{ overflow: { values } }]);
    expect(await validate(reduced, context)).toMatchObject({ values });
  });
});

describe('a delivery that waits under the name of before', () => {
  it('goes to the rule that was renamed, with the key that it would have had', async () => {
    deployRules({ name: 'third', was: ['first', 'second'] });
    const outputs = await Promise.all(
      ['first', 'second', 'third'].map((rule) => reduce(recordOf(PUSH, { rule }))),
    );
    expect(outputs.flat()).toMatchObject(
      Array.from({ length: 3 }, () => ({ rule: 'third', overflow: { route: 'pull' } })),
    );
    const validated = await Promise.all(outputs.map((output) => validate(output, context)));
    expect(validated).toMatchObject(
      Array.from({ length: 3 }, () => ({ rule: { name: 'third' }, key: `first#${HOST}#delivery-1#` })),
    );
  });
});

describe('a delivery too large for the machine', () => {
  it('is verified and becomes an input of a few hundred bytes', async () => {
    const output = await reduce(recordOf(PUSH));
    expect(output).toEqual([
      {
        rule: 'default',
        eventId: 'event-1',
        time: '2026-11-23T12:00:00Z',
        replayName: '',
        options: {
          name: 'default',
          pull: { submodules: false, lfs: false, git: false, compute: 'lambda' },
          status: false,
          superseded: 'stop',
          asksFor: [],
        },
        overflow: {
          route: 'pull',
          values: {},
          reason: 'it is a push to refs/heads/main',
          asked: { values: [] },
          delivery: {
            provider: 'github',
            host: HOST,
            id: 'delivery-1',
            event: 'push',
            repository: { fullName: 'acme/app' },
            ref: 'refs/heads/main',
            commit: COMMIT,
            created: false,
            deleted: false,
            forced: false,
          },
          bodyHash: createHash('sha256').update(PUSH).digest('hex'),
        },
      },
    ]);
    expect(JSON.stringify(output).length).toBeLessThan(1000);
  });

  it('is to Validate what the same delivery would be without the queue', async () => {
    const small = JSON.stringify({ ...PAYLOAD, padding: '' });
    for (const rule of ['default', 'docs']) {
      const viaQueue = await validate(await reduce(recordOf(small, { rule })), context);
      expect(viaQueue).toEqual(await validate(rawInput('push', small, { rule }), context));
    }
  });

  it('keeps the name of its replay', async () => {
    const [output] = await reduce(recordOf(PUSH, { event: { 'replay-name': 'again' } }));
    expect(output).toMatchObject({ replayName: 'again' });
  });

  it("goes by its rule's paths, which the machine could not see any more", async () => {
    const changing = (file: string) =>
      JSON.stringify({ ...PAYLOAD, commits: [{ added: [], removed: [], modified: [file] }] });
    const [docs] = await reduce(recordOf(changing('docs/a.md'), { rule: 'docs' }));
    const [code] = await reduce(recordOf(changing('src/a.ts'), { rule: 'docs' }));
    expect(docs.overflow).toMatchObject({ route: 'pull' });
    expect(code.overflow).toMatchObject({ route: 'ignored' });
  });
});

it('that its rule does not take goes on as Malformed, whatever EventBridge was told', async () => {
  deployRules({ name: 'default', match: { payload: { ref: ['refs/heads/release'] } } });
  const [{ overflow }] = await reduce(recordOf(PUSH, { detail: { payload: { ref: 'refs/heads/release' } } }));
  expect(overflow).toEqual({
    error: 'Malformed',
    message: expect.stringMatching(/^rule "default" does not take/),
  });
});

describe('what its host has not signed, or not sent like this', () => {
  const headers = { event: 'push', delivery: 'delivery-1' };
  it.each<[string, object, string, RegExp]>([
    [
      'a wrong signature',
      { headers: { ...headers, signature: sign('x') } },
      'Rejected',
      /no webhook secret of/,
    ],
    ['no signature', { headers: { ...headers, signature: '' } }, 'Rejected', /no X-Hub-Signature-256/],
    ['another host', { host: 'evil.example.com' }, 'Rejected', /"evil.example.com" is not configured/],
    ['no base64', { body: 'not base64' }, 'Malformed', /^the body is not base64/],
    [
      'no JSON',
      { body: Buffer.from('zen').toString('base64'), headers: { ...headers, signature: sign('zen') } },
      'Malformed',
      /^the body is not JSON/,
    ],
  ])('goes on to the machine, which ends it: %s', async (_, detail, error, message) => {
    const output = await reduce(recordOf(PUSH, { detail }));
    expect(output[0].overflow).toEqual({ error, message: expect.stringMatching(message) });
    await expect(validate(output, context)).rejects.toMatchObject({
      name: error,
      message: expect.stringMatching(message),
    });
  });
});

describe('a record that cannot be read stays in the queue', () => {
  const record = recordOf(PUSH);
  it.each<[string, () => unknown[], string, RegExp]>([
    ['no record', () => [], 'Malformed', /^the batch of the overflow queue .* expected one record/],
    ['two records', () => [record, record], 'Malformed', /expected one record/],
    ['without attributes', () => [{ body: '{}' }], 'Malformed', /0\.messageAttributes: /],
    [
      'without its rule',
      () => [{ ...record, messageAttributes: {} }],
      'Malformed',
      /0\.messageAttributes\.RULE_ARN: /,
    ],
    [
      'of a rule that is not ours',
      () => [
        {
          ...record,
          messageAttributes: { RULE_ARN: { stringValue: 'arn:aws:events:us-east-1:0:rule/hookline/other' } },
        },
      ],
      'Misconfigured',
      /rule\/hookline\/other" is no rule of ours/,
    ],
    [
      'of a rule that is not deployed any more',
      () => [recordOf(PUSH, { rule: 'gone' })],
      'Misconfigured',
      /^rule "gone" is not deployed \(deployed: default, docs\)/,
    ],
    [
      'that is not JSON',
      () => [{ ...record, body: 'zen-of-it' }],
      'Malformed',
      /is not JSON \(9 characters\)/,
    ],
    ['that is no event', () => [{ ...record, body: '{"zen":"zen-of-it"}' }], 'Malformed', /id: .*detail: /],
    [
      'of another provider',
      () => [recordOf(PUSH, { detail: { provider: 'gitlab' } })],
      'Malformed',
      /detail\.provider: /,
    ],
  ])('%s', async (_, records, name, message) => {
    await expect(reduce(...records())).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
    expect(aws.log()).not.toContain('zen-of-it');
  });

  it('when the settings cannot be read', async () => {
    aws.hosts = 'none';
    await expect(reduce(record)).rejects.toMatchObject({ name: 'Misconfigured' });
  });
});

it('logs neither the body nor a secret', async () => {
  const body = JSON.stringify({ ...PAYLOAD, zen: 'zen-of-it' });
  await reduce(recordOf(body));
  await reduce(
    recordOf(body, { detail: { headers: { event: 'push', delivery: 'd', signature: sign('x') } } }),
  );
  expect(aws.log()).toContain('"step":"overflow"');
  for (const hidden of ['zen-of-it', SECRET, Buffer.from(body).toString('base64').slice(0, 40)])
    expect(aws.log()).not.toContain(hidden);
});

describe('what is wrong with a record', () => {
  it('is told without the event, and stays in the queue', async () => {
    await expect(reduce({ ...recordOf(PUSH), body: '{"id":7}' })).rejects.toThrow(
      /^the event in the overflow queue is not as it should be; id: /,
    );
  });

  it('is not what AWS says by the same name', async () => {
    const error = Object.assign(new Error('of AWS'), { name: 'Malformed' });
    const reduced = aroundCall('GetParameter', { before: () => Promise.reject(error) }, () =>
      reduce(recordOf(PUSH)),
    );
    await expect(reduced).rejects.toBe(error);
  });
});

it('a delivery that is reduced is logged by its rule and its event', async () => {
  await reduce(recordOf(PUSH));
  expect(JSON.parse(aws.log())).toMatchObject({ step: 'overflow', rule: 'default', eventId: 'event-1' });
});
