import '../../support/interleave/silence.ts';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claim } from '../../../functions/claim/claim.ts';
import { handler } from '../../../functions/record-end/index.ts';
import { recordOutcome } from '../../../functions/report/record.ts';
import { report } from '../../../functions/report/report.ts';
import type { Pulled } from '../../../statemachine/payloads.ts';
import { aroundCall } from '../../support/functions/around-call.ts';
import { startDirect } from '../../support/functions/direct.ts';
import { type StatusHost, startStatusHost } from '../../support/functions/status-host.ts';
import { pulledState, type Steps } from '../../support/functions/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startDirect();
});
afterAll(() => steps?.close());

const COMMIT = 'a'.repeat(40);
let last = 0;

interface Delivered {
  readonly arn: string;
  readonly state: Pulled;
}

/** A delivery of a rule, whose execution is as DescribeExecution tells it. */
function delivered(status: string, described: object = {}, more: object = {}): Delivered {
  const id = `d-${++last}`;
  const arn = `arn:aws:states:us-east-1:000000000000:execution:hookline:${id}`;
  const pulled = pulledState('refs/heads/main', { commit: COMMIT });
  const state = { ...pulled, delivery: { ...pulled.delivery, id }, key: `default#github.com#${id}#` };
  const input = {
    rule: 'default',
    eventId: 'e',
    time: state.time,
    replayName: '',
    host: 'github.com',
    headers: { event: 'push', delivery: id, signature: 'unread' },
    body: 'unread',
    ...more,
  };
  steps.executions.set(arn, status);
  steps.described.set(arn, { input: JSON.stringify(input), ...described });
  return { arn, state };
}

/** The same by the overflow queue, whose function has verified it. */
function deliveredLarge(status: string, described: object = {}): Delivered {
  const delivery = delivered(status, described);
  const { delivery: verified, time } = delivery.state;
  const overflow = { delivery: verified, route: 'pull' };
  const input = JSON.stringify([{ rule: 'default', eventId: 'e', time, replayName: '', overflow }]);
  steps.described.set(delivery.arn, { ...described, input });
  return delivery;
}

const end = (executionArn: string): Promise<unknown> =>
  handler({ source: 'aws.states', detail: { executionArn } }, {} as Context);

const recordOf = ({ state }: Delivered) => steps.record('deliveries', state.key);

async function claimed(status: string, described: object = {}): Promise<Delivered> {
  const delivery = delivered(status, described);
  await claim({ executionArn: delivery.arn, state: delivery.state });
  return delivery;
}

describe('the end of an execution', () => {
  it.each([
    ['FAILED', 'Failed', { error: 'States.Runtime', cause: 'the path is missing' }],
    // Step Functions gives one that timed out no error.
    ['TIMED_OUT', 'TimedOut', { error: '' }],
    ['ABORTED', 'Stopped', { error: 'Stopped', cause: 'stopped by its operator' }],
  ])('that is %s is recorded as %s', async (status, outcome, described) => {
    const delivery = await claimed(status, described);
    expect(await end(delivery.arn)).toEqual({ outcome });
    expect(await recordOf(delivery)).toMatchObject({ outcome, error: described.error, commit: COMMIT });
    expect(steps.results.at(-1)).toMatchObject({ DetailType: 'delivery ended', Detail: { outcome } });
  });

  it('is told to the bus by the call after one whose event the bus did not take', async () => {
    for (const delivery of [await claimed('TIMED_OUT'), deliveredLarge('TIMED_OUT')]) {
      const busy = Object.assign(new Error('internal'), { name: 'InternalException' });
      steps.results.length = 0;
      const refused = aroundCall('PutEvents', { before: () => Promise.reject(busy) }, () =>
        end(delivery.arn),
      );
      await expect(refused).rejects.toBe(busy);
      expect(steps.results).toEqual([]);
      expect(await end(delivery.arn)).toEqual({ outcome: 'TimedOut' });
      expect(steps.results).toMatchObject([{ Detail: { outcome: 'TimedOut' } }]);
    }
  });

  it('says what a function threw, and a pending commit status ends with it', async () => {
    const cause = JSON.stringify({ errorType: 'TypeError', errorMessage: 'x is not a function' });
    const delivery = await claimed('FAILED', { error: 'TypeError', cause });
    await recordOutcome(delivery.state.key, delivery.arn, 'Pending', { status: 'written' });
    await end(delivery.arn);
    const record = await recordOf(delivery);
    expect(record).toMatchObject({ outcome: 'Failed', message: 'x is not a function', status: 'refused' });
    // there is no host here to take it
    expect(record?.statusReason).toContain('commit status of acme/app');
  });

  it('of a rule that was renamed is that of the first name’s delivery', async () => {
    const { pull } = pulledState('refs/heads/main', {}).rule;
    const options = { name: 'new', was: ['default'], asksFor: [], pull, status: false, superseded: 'stop' };
    const delivery = delivered('TIMED_OUT', {}, { rule: 'new', options });
    await claim({ executionArn: delivery.arn, state: delivery.state });
    expect(await end(delivery.arn)).toEqual({ outcome: 'TimedOut' });
    expect(await recordOf(delivery)).toMatchObject({ outcome: 'TimedOut' });
  });

  it('changes no outcome that is on record', async () => {
    const delivery = await claimed('FAILED', { error: 'RepositoryMissing' });
    await recordOutcome(delivery.state.key, delivery.arn, 'PullFailed', { error: 'RepositoryMissing' });
    await end(delivery.arn);
    expect(await recordOf(delivery)).toMatchObject({ outcome: 'PullFailed' });
  });

  it('changes nothing of a delivery that another execution has taken over', async () => {
    const delivery = await claimed('FAILED');
    await claim({ executionArn: 'arn:next', state: delivery.state });
    await end(delivery.arn);
    const record = await recordOf(delivery);
    expect(record).toMatchObject({ executionArn: 'arn:next' });
    expect(record).not.toHaveProperty('outcome');
  });

  it.each(['RUNNING', 'SUCCEEDED'])(
    'is none while the execution is %s, as after a redrive',
    async (status) => {
      const delivery = await claimed(status);
      expect(await end(delivery.arn)).toEqual({ outcome: '' });
      expect(await recordOf(delivery)).not.toHaveProperty('outcome');
    },
  );

  it('is left to who is first: another has taken the delivery over, or reported it, meanwhile', async () => {
    const delivery = await claimed('FAILED');
    steps.executions.set(delivery.arn, 'FAILED');
    const report = async () => void (await recordOutcome(delivery.state.key, delivery.arn, 'PullFailed', {}));
    expect(await aroundCall('Update', { before: report }, () => end(delivery.arn))).toEqual({ outcome: '' });
    expect(await recordOf(delivery)).toMatchObject({ outcome: 'PullFailed' });
    const unclaimed = delivered('FAILED');
    const claims = async () => void (await claim({ executionArn: 'arn:next', state: unclaimed.state }));
    expect(await aroundCall('Put', { before: claims }, () => end(unclaimed.arn))).toEqual({ outcome: '' });
    expect(await recordOf(unclaimed)).toMatchObject({ executionArn: 'arn:next' });
  });

  it('is not recorded where DynamoDB or Step Functions does not answer: the function is called again', async () => {
    const throttled = Object.assign(new Error('too many'), { name: 'ThrottlingException' });
    const refusing = (operation: string, delivery: Delivered) =>
      aroundCall(operation, { before: () => Promise.reject(throttled) }, () => end(delivery.arn));
    await expect(refusing('Update', await claimed('FAILED'))).rejects.toBe(throttled);
    await expect(refusing('Put', delivered('FAILED'))).rejects.toBe(throttled);
    await expect(refusing('DescribeExecution', delivered('FAILED'))).rejects.toBe(throttled);
  });

  it('of what was no delivery, or has no input, is left alone', async () => {
    const delivery = delivered('FAILED');
    for (const input of [undefined, 'null', '{}', '[]', '{"rule":"default"}']) {
      steps.described.set(delivery.arn, { input });
      expect(await end(delivery.arn)).toEqual({ outcome: '' });
    }
  });

  it('says nothing where Step Functions does', async () => {
    const delivery = await claimed('FAILED');
    await end(delivery.arn);
    expect(await recordOf(delivery)).toMatchObject({ outcome: 'Failed', error: '', message: '' });
  });

  it('says no more than a thousand letters', async () => {
    const delivery = await claimed('FAILED', { error: 'X', cause: 'y'.repeat(1001) });
    await end(delivery.arn);
    expect((await recordOf(delivery))?.message).toBe('y'.repeat(1000));
  });

  it('of one that Step Functions keeps no more is left alone', async () => {
    expect(await end('arn:aws:states:us-east-1:000000000000:execution:hookline:gone')).toEqual({
      outcome: '',
    });
  });
});

describe('an execution that is redriven', () => {
  const again = ({ arn }: Delivered, status: string, described: object = {}) => {
    steps.executions.set(arn, status);
    steps.described.set(arn, {
      ...steps.described.get(arn),
      error: undefined,
      cause: undefined,
      ...described,
    });
  };
  const claims = ({ arn, state }: Delivered, more: Partial<Pulled> = {}) =>
    claim({ executionArn: arn, state: { ...state, ...more } });

  it('where it was not claimed has the record of any other delivery', async () => {
    const delivery = delivered('FAILED', { error: 'Misconfigured', cause: 'rule "default" is not deployed' });
    await end(delivery.arn);
    await again(delivery, 'RUNNING');
    expect(await claims(delivery)).toMatchObject({ outcome: 'Claimed' });
    const record = await recordOf(delivery);
    expect(record).toMatchObject({ repository: 'acme/app', ref: 'refs/heads/main', commit: COMMIT });
    for (const name of ['outcome', 'error', 'message', 'verified']) expect(record).not.toHaveProperty(name);
  });

  it.each([
    ['ping', 'Pong'],
    ['ignored', 'Ignored'],
  ] as const)('where it was not claimed ends as a %s in %s', async (route, outcome) => {
    const delivery = delivered('FAILED', { error: 'SettingsOld' });
    await end(delivery.arn);
    await again(delivery, 'RUNNING');
    expect(await claims(delivery, { route })).toMatchObject({ outcome });
    expect(await recordOf(delivery)).toMatchObject({ outcome });
    expect(await recordOf(delivery)).not.toHaveProperty('error');
  });

  it('behind its claim keeps what was recorded, and then says nothing of how it ended before', async () => {
    const delivery = await claimed('ABORTED', { error: 'Stopped', cause: 'stopped by its operator' });
    await recordOutcome(delivery.state.key, delivery.arn, 'Pending', { status: 'written' });
    await end(delivery.arn);
    expect(await recordOf(delivery)).toMatchObject({ statusReason: expect.stringContaining('acme/app') });
    await again(delivery, 'RUNNING');
    const { claimedAt } = (await recordOf(delivery)) ?? {};
    await report({ outcome: 'Published', executionArn: delivery.arn, state: delivery.state });
    const record = await recordOf(delivery);
    expect(record).toMatchObject({ outcome: 'Published', claimedAt, repository: 'acme/app' });
    for (const name of ['error', 'message', 'statusReason']) expect(record).not.toHaveProperty(name);
  });

  it('and ends in another way has that on record and on the bus', async () => {
    const delivery = await claimed('ABORTED', { error: 'Stopped' });
    await end(delivery.arn);
    await again(delivery, 'TIMED_OUT');
    expect(await end(delivery.arn)).toEqual({ outcome: 'TimedOut' });
    expect(await recordOf(delivery)).toMatchObject({ outcome: 'TimedOut', error: '' });
    expect(steps.results.at(-1)).toMatchObject({ Detail: { outcome: 'TimedOut', error: '' } });
    await again(delivery, 'FAILED', { error: 'States.Runtime', cause: 'no path' });
    expect(await end(delivery.arn)).toEqual({ outcome: 'Failed' });
    expect(await recordOf(delivery)).toMatchObject({ outcome: 'Failed', message: 'no path' });
  });

  it('after another has taken its delivery over is a duplicate of that one', async () => {
    const delivery = delivered('FAILED', { error: 'Misconfigured' });
    await end(delivery.arn);
    await claim({ executionArn: 'arn:next', state: delivery.state });
    steps.executions.set('arn:next', 'RUNNING');
    await again(delivery, 'RUNNING');
    expect(await claims(delivery)).toEqual({ outcome: 'Duplicate', executionArn: 'arn:next' });
  });
});

describe('the pending commit status of an execution', () => {
  let host: StatusHost;
  beforeAll(async () => {
    host = await startStatusHost();
    steps.hosts = host.hosts;
  });
  afterAll(() => {
    steps.hosts = undefined;
    host?.close();
  });
  const ended = async (status: string, described: object, record: Record<string, string>) => {
    const delivery = await claimed(status, described);
    await recordOutcome(delivery.state.key, delivery.arn, 'Pending', { status: 'written', ...record });
    host.statuses.length = 0;
    await end(delivery.arn);
    return { delivery, statuses: [...host.statuses] };
  };

  it.each([
    ['ABORTED', { error: 'E', cause: 'c' }, 'Hookline was told to stop this delivery'],
    ['TIMED_OUT', { error: 'E' }, 'Hookline did not come to an end with this delivery in time'],
    ['FAILED', { error: 'States.Runtime', cause: 'no path' }, 'States.Runtime: no path'],
    ['FAILED', { error: 'States.Runtime' }, 'States.Runtime'],
  ])('that is %s fails: %j', async (status, described, description) => {
    const { delivery, statuses } = await ended(status, described, {});
    const at = encodeURIComponent(delivery.arn);
    expect(statuses).toEqual([
      { state: 'failure', description, context: 'hookline/default', target_url: expect.anything() },
    ]);
    expect(decodeURIComponent(statuses[0]?.target_url ?? '')).toContain(decodeURIComponent(at));
    expect(await recordOf(delivery)).toMatchObject({ status: 'written', statusReason: '' });
  });

  it('fails under the name that it has', async () => {
    const { statuses } = await ended('FAILED', {}, { statusContext: 'ci / build' });
    expect(statuses).toMatchObject([{ context: 'ci / build' }]);
  });

  it('is none where none was written, or nobody knows of which commit', async () => {
    for (const record of [{ status: 'off' }, { status: 'refused' }, { repository: '' }, { commit: '' }]) {
      const { delivery, statuses } = await ended('FAILED', {}, record);
      expect(statuses).toEqual([]);
      expect(await recordOf(delivery)).toMatchObject({ outcome: 'Failed', status: 'written', ...record });
    }
  });

  it('that the host does not take for now is told again, with the end on record and on the bus', async () => {
    const delivery = await claimed('TIMED_OUT');
    await recordOutcome(delivery.state.key, delivery.arn, 'Pending', { status: 'written' });
    host.answer = 429;
    steps.results.length = 0;
    const refused = end(delivery.arn);
    await expect(refused.finally(() => (host.answer = 201))).rejects.toMatchObject({
      name: 'HostUnreachable',
    });
    expect(await recordOf(delivery)).toMatchObject({ outcome: 'TimedOut', status: 'refused' });
    expect(steps.results).toHaveLength(1);
    host.statuses.length = 0;
    await end(delivery.arn);
    expect(host.statuses).toMatchObject([{ state: 'failure' }]);
    expect(await recordOf(delivery)).toMatchObject({ status: 'written', statusReason: '' });
  });

  it('is left to another execution, or to the outcome that was reported', async () => {
    const over = await claimed('FAILED');
    await recordOutcome(over.state.key, over.arn, 'Pending', { status: 'written' });
    await claim({ executionArn: 'arn:next', state: over.state });
    await recordOutcome(over.state.key, 'arn:next', 'Pending', { status: 'written' });
    const done = await claimed('FAILED');
    await recordOutcome(done.state.key, done.arn, 'PullFailed', { status: 'written' });
    host.statuses.length = 0;
    for (const { arn } of [over, done]) expect(await end(arn)).toEqual({ outcome: '' });
    expect(host.statuses).toEqual([]);
  });

  it('is a check run where it was one, which only an App may end', async () => {
    const { delivery, statuses } = await ended('FAILED', {}, { statusKind: 'check' });
    expect(statuses).toEqual([]);
    expect((await recordOf(delivery))?.statusReason).toContain(
      'a check run is written by a GitHub App alone',
    );
  });
});

describe('a delivery that ended before it was claimed', () => {
  it('gets a record of what its webhook says of itself, and can be claimed again', async () => {
    const delivery = delivered('FAILED', { error: 'ThrottlingException', cause: 'Rate exceeded' });
    expect(await end(delivery.arn)).toEqual({ outcome: 'Failed' });
    const record = await recordOf(delivery);
    expect(record).toMatchObject({
      executionArn: delivery.arn,
      rule: 'default',
      host: 'github.com',
      event: 'push',
      deliveryId: delivery.state.delivery.id,
      outcome: 'Failed',
      error: 'ThrottlingException',
      day: '2026-01-01',
    });
    expect(JSON.stringify(record)).not.toContain('unread');
    expect(record).toMatchObject({ verified: false });
    const next = { executionArn: 'arn:next', state: delivery.state };
    expect(await claim(next)).toMatchObject({ outcome: 'Claimed' });
    expect(await recordOf(delivery)).not.toHaveProperty('verified');
  });

  it('tells the bus nothing: the names may be anybody’s, also when the execution ends in another way', async () => {
    steps.results.length = 0;
    const delivery = delivered('FAILED', { error: 'Misconfigured' });
    expect(await end(delivery.arn)).toEqual({ outcome: 'Failed' });
    steps.executions.set(delivery.arn, 'ABORTED');
    expect(await end(delivery.arn)).toEqual({ outcome: 'Stopped' });
    expect(steps.results).toEqual([]);
  });

  it('gets one too when it has come by the overflow queue', async () => {
    const delivery = deliveredLarge('ABORTED');
    await end(delivery.arn);
    const record = await recordOf(delivery);
    expect(record).toMatchObject({ outcome: 'Stopped', repository: 'acme/app', verified: true });
  });

  it.each(['Rejected', 'Malformed'])(
    'gets none when it was %s: anybody may send what is not signed',
    async (error) => {
      const delivery = delivered('FAILED', { error });
      expect(await end(delivery.arn)).toEqual({ outcome: '' });
      expect(await recordOf(delivery)).toBeUndefined();
    },
  );

  it('gets none under a key that its parts would not make', async () => {
    const delivery = delivered('FAILED');
    const described = { rule: 'default', eventId: 'e', time: '2026-01-01T00:00:00Z', replayName: '' };
    const headers = { event: 'push', delivery: 'a#b' };
    steps.described.set(delivery.arn, {
      input: JSON.stringify({ ...described, host: 'github.com', headers }),
    });
    expect(await end(delivery.arn)).toEqual({ outcome: '' });
  });
});
