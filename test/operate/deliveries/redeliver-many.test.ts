import { createHmac, randomUUID } from 'node:crypto';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Connection, connect } from '../../../operate/connection/connection.ts';
import { inVainGroups } from '../../../operate/deliveries/in-vain.ts';
import {
  planRedeliveries,
  redeliverMany,
  STARTS_A_SECOND,
} from '../../../operate/deliveries/redeliver-many.ts';
import { type FakeAws, STACK, startFakeAws } from '../../support/fake-aws.ts';
import { type Hookline, startHookline } from '../../support/hookline.ts';

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };

let aws: FakeAws;
let connection: Connection;
beforeEach(async () => {
  aws = await startFakeAws(0);
  connection = await connect(STACK, {
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: CREDENTIALS,
  });
});
afterEach(async () => {
  connection?.close();
  await aws?.close();
});

const MACHINE = 'arn:aws:states:us-east-1:000000000000:execution:machine:';
let runs = 0;
/** A run of a delivery, each later than the one before. */
const run = (deliveryId: string, outcome: string, more: Readonly<Record<string, string>> = {}) => {
  runs += 1;
  const claimedAt = new Date(Date.now() + runs * 1000).toISOString();
  aws.arrive(1, {
    ...{ deliveryId, outcome, claimedAt, executionArn: `${MACHINE}${deliveryId}-${runs}` },
    ...more,
  });
};
const planned = async (outcome: string, more = {}, name?: string) => {
  const { rows } = await planRedeliveries(connection, { filter: { outcome }, ...more }, name);
  return rows.map(({ deliveryId }) => deliveryId);
};

describe('a plan of redeliveries', () => {
  it('has what failed and has not run again, the oldest first', async () => {
    for (const id of ['a', 'b', 'c']) run(id, 'PullFailed');
    run('d', 'Published');
    run('b', 'Published', { replayName: 'redeliver-1' });
    run('c', '', { replayName: 'redeliver-1' });
    run('e', 'PipelineFailed');
    expect(await planned('PullFailed,PipelineFailed')).toEqual(['a', 'e']);
    expect(await planned('PullFailed')).toEqual(['a']);
  });

  it('of what a pipeline came to has what has not come to another end since', async () => {
    run('a', 'PipelineStarted', { pipelineStatus: 'Failed' });
    run('b', 'PipelineStarted', { pipelineStatus: 'Failed' });
    run('a', 'PipelineStarted', { pipelineStatus: 'Succeeded', replayName: 'redeliver-1' });
    const filter = { outcome: 'PipelineStarted', pipelineStatus: 'Failed' };
    const { rows } = await planRedeliveries(connection, { filter });
    expect(rows.map(({ deliveryId }) => deliveryId)).toEqual(['b']);
  });

  it('has a delivery once that failed again, and once for each rule', async () => {
    run('a', 'PullFailed');
    run('a', 'PullFailed', { replayName: 'redeliver-1' });
    run('a', 'PullFailed', { rule: 'other' });
    expect(await planned('PullFailed')).toEqual(['a', 'a']);
  });

  it('of a name that was interrupted has what the name has not started', async () => {
    run('a', 'PullFailed');
    run('b', 'PullFailed');
    run('a', 'PullFailed', { replayName: 'redeliver-1' });
    const plan = await planRedeliveries(connection, { filter: { outcome: 'PullFailed' } }, 'redeliver-1');
    expect(plan).toMatchObject({ started: 1, rows: [{ deliveryId: 'b' }] });
  });

  it('leaves out what would end as before, with the reason, unless it is forced', async () => {
    const gone = { error: 'CommitUnreachable' };
    run('a', 'PullFailed', gone);
    run('b', 'PullFailed');
    run('c', 'Malformed');
    run('d', 'PullFailed', gone);
    const query = { filter: { outcome: 'PullFailed,Malformed' } };
    const { rows, inVain } = await planRedeliveries(connection, query);
    expect(rows).toMatchObject([{ deliveryId: 'b' }]);
    expect(inVainGroups(inVain)).toMatchObject([
      { count: 2, reason: 'github.com does not have the commit', row: { deliveryId: 'd' } },
      { count: 1, reason: 'the same payload would come again', row: { deliveryId: 'c' } },
    ]);
    const forced = await planRedeliveries(connection, { ...query, force: true });
    expect(forced.inVain).toEqual([]);
    expect(forced.rows.map(({ deliveryId }) => deliveryId)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('obeys what a list shows: nothing hidden, and nothing that took less', async () => {
    run('a', 'Ignored');
    run('b', 'PullFailed');
    expect(await planned('done,PullFailed')).toEqual(['a', 'b']);
    expect(await planned('done,PullFailed', { hide: true })).toEqual(['b']);
    expect(await planned('done,PullFailed', { took: 86_400_000 })).toEqual([]);
  });
});

const startedSchema = z.object({ name: z.string(), input: z.string() });
const started = () => aws.calls('AWSStepFunctions.StartExecution').map((input) => startedSchema.parse(input));

describe('redeliveries of a plan', () => {
  it('start each once under the name of all, however often they are begun', async () => {
    for (const id of ['a', 'b']) run(id, 'PullFailed');
    const plan = await planRedeliveries(connection, { filter: { outcome: 'PullFailed' } }, 'redeliver-1');
    const steps: string[] = [];
    for (const _ of [1, 2])
      expect(await redeliverMany(connection, plan, (done, all) => steps.push(`${done}/${all}`))).toEqual({
        started: 2,
        expired: [],
        left: 0,
      });
    expect(steps).toEqual(['1/2', '2/2', '1/2', '2/2']);
    const names = started().map(({ name }) => name);
    expect(names.slice(2)).toEqual(names.slice(0, 2));
    expect(new Set(names).size).toBe(2);
    for (const { input } of started()) expect(JSON.parse(input)).toMatchObject({ replayName: 'redeliver-1' });
  });

  it('are no more a second than the door takes', async () => {
    for (let id = 0; id < 5; id += 1) run(String(id), 'PullFailed');
    const begin = performance.now();
    await redeliverMany(
      connection,
      await planRedeliveries(connection, { filter: { outcome: 'PullFailed' } }),
    );
    // The clock of the timers may be a millisecond behind.
    expect(performance.now() - begin).toBeGreaterThan((4 * 1000) / STARTS_A_SECOND - 5);
  });

  it('end between two starts when they are interrupted', async () => {
    for (const id of ['a', 'b', 'c']) run(id, 'PullFailed');
    const interrupted = new AbortController();
    const plan = await planRedeliveries(connection, { filter: { outcome: 'PullFailed' } });
    const progress = () => interrupted.abort();
    expect(await redeliverMany(connection, plan, progress, interrupted.signal)).toEqual({
      started: 1,
      expired: [],
      left: 2,
    });
    expect(started()).toHaveLength(1);
  });

  it('leave out what Step Functions keeps no more, and go on', async () => {
    run('a', 'PullFailed', { executionArn: `${MACHINE}expired` });
    run('b', 'PullFailed');
    const plan = await planRedeliveries(connection, { filter: { outcome: 'PullFailed' } });
    expect(await redeliverMany(connection, plan)).toMatchObject({
      started: 1,
      expired: [{ deliveryId: 'a' }],
    });
  });
});

const listedSchema = z.looseObject({
  Rules: z.array(z.looseObject({ Name: z.string(), EventPattern: z.string() })),
});

describe('a plan of redeliveries, of a whole Hookline,', () => {
  let hookline: Hookline;
  let whole: Connection;
  beforeAll(async () => {
    hookline = await startHookline();
    const { endpoint, ...access } = hookline.access;
    whole = await connect(hookline.outputs.stackName, { endpoint, ...access });
  });
  afterAll(async () => {
    whole?.close();
    await hookline?.remove();
  });

  const origin = (rule: string) => ({
    rule,
    eventId: randomUUID(),
    time: new Date().toISOString(),
    replayName: '',
  });
  /** Gives the machine a delivery, which then has so many ended executions, and tells the outcome of the last. */
  const ended = async (id: string, count: number, input: unknown) => {
    const { stateMachineArn } = hookline.outputs;
    await whole.sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
    return (await hookline.ended(id, count)).at(-1)?.outcome;
  };

  /** From now on, the pattern of a rule is this one, as after a deploy. */
  const patternOf = (name: string, detail: object) =>
    whole.events.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        const listed = listedSchema.safeParse(answer.output);
        for (const rule of listed.data?.Rules ?? [])
          if (rule.Name.endsWith(`-${name}`)) rule.EventPattern = JSON.stringify({ detail });
        return { ...answer, output: { ...answer.output, ...listed.data } };
      },
      { step: 'initialize', name: 'deployed' },
    );

  it('leaves out a large delivery that its host has sent again, and that ended well then', async () => {
    const id = randomUUID();
    const sent = { provider: 'github', host: 'localhost', id, event: 'push', ref: 'refs/heads/x' };
    const delivery = { ...sent, repository: { fullName: 'acme/none' }, commit: 'a'.repeat(40) };
    const large = (route: string) => [{ ...origin('default'), overflow: { delivery, route } }];
    expect(await ended(id, 1, large('pull'))).toBe('PullFailed');
    const filter = { outcome: 'failed' };
    expect((await planRedeliveries(whole, { filter })).rows).toMatchObject([{ deliveryId: id }]);
    expect(await ended(id, 2, large('ping'))).toBe('Pong');
    expect((await planRedeliveries(whole, { filter })).rows).toEqual([]);
  });

  it('has what the match of its rule did not take, once the match takes it', async () => {
    const ids = async () => {
      const { rows, inVain } = await planRedeliveries(whole, { filter: { outcome: 'Malformed' } });
      return [rows, inVain.map(({ row }) => row)].map((all) => all.map(({ deliveryId }) => deliveryId));
    };
    const received = (event: string, id: string, text: string) => {
      const hash = createHmac('sha256', hookline.secrets.webhookSecret).update(text).digest('hex');
      const headers = { event, delivery: id, signature: `sha256=${hash}` };
      const webhook = { provider: 'github', host: 'localhost', headers, body: btoa(text) };
      return ended(id, 1, { ...origin('demo'), ...webhook });
    };
    const payload = JSON.stringify({ zen: 'z', hook_id: 1, repository: { full_name: 'acme/app' } });
    expect(await received('ping', 'not-taken', payload)).toBe('Malformed');
    expect(await received('push', 'not-as-sent', payload)).toBe('Malformed');
    expect(await received('push', 'no-json', '{')).toBe('Malformed');
    expect(await ids()).toEqual([[], ['not-taken', 'not-as-sent', 'no-json']]);
    patternOf('demo', { payload: { repository: { full_name: ['acme/app'] } } });
    expect(await ids()).toEqual([['not-taken'], ['not-as-sent', 'no-json']]);
  });
});
