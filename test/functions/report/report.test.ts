import '../../support/interleave/silence.ts';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claim } from '../../../functions/claim/claim.ts';
import { handler } from '../../../functions/report/index.ts';
import { recordStarted, withLease } from '../../../functions/shared/lease.ts';
import { placedCommitOf } from '../../../functions/shared/order.ts';
import { recordNews } from '../../../functions/shared/pipeline-run.ts';
import { withStart } from '../../../functions/shared/started.ts';
import { STATUS_RETRIES } from '../../../statemachine/commit-statuses.ts';
import type { Pulled } from '../../../statemachine/payloads.ts';
import { startsId } from '../../../statemachine/record-ids.ts';
import { aroundCall } from '../../support/functions/around-call.ts';
import { startDirect } from '../../support/functions/direct.ts';
import { type StatusHost, startStatusHost } from '../../support/functions/status-host.ts';
import { pulledState, type Steps } from '../../support/functions/steps.ts';
import { context } from '../../support/functions/validate-aws.ts';

let steps: Steps;
let host: StatusHost;
beforeAll(async () => {
  [steps, host] = await Promise.all([startDirect(), startStatusHost()]);
  steps.hosts = host.hosts;
});
beforeEach(() => {
  host.statuses.length = 0;
  host.asked = 0;
  steps.results.length = 0;
});
afterAll(async () => {
  host?.close();
  await steps?.close();
});

const COMMIT = 'a'.repeat(40);
let last = 0;

/** A claimed delivery that is reported by an outcome. @returns what the function answers, and what is on record */
async function reported(
  outcome: string,
  more: object = {},
  rule: Partial<Pulled['rule']> = {},
  retries?: number,
) {
  last += 1;
  const pulled = pulledState('refs/heads/main', { commit: COMMIT }, { status: true, ...rule });
  const state = { ...pulled, key: `key-${last}`, ...more };
  const executionArn = `arn:aws:states:us-east-1:0:execution:hookline:${last}`;
  await claim({ executionArn, state });
  const answer = await handler({ outcome, executionArn, state, retries }, context);
  return { answer, record: (await steps.record('deliveries', state.key)) ?? {}, executionArn };
}
const status = () => {
  const [written, ...others] = host.statuses;
  expect(others).toEqual([]);
  return written && `${written.state}: ${written.description}`;
};
const request = {
  ...{ number: 7, action: 'opened', draft: false, merged: false, fork: false, base: 'main' },
  head: { ref: 'topic', commit: 'b'.repeat(40) },
};

describe('an outcome is on record and on the page of the commit', () => {
  it.each([
    ['Pending', 'pending: Hookline pulls the commit'],
    ['Unchanged', 'success: It was built before: nothing is started again'],
    ['Superseded', 'success: A newer push takes the pipeline'],
    ['RefGone', 'success: The ref is gone: there is nothing to pull'],
    ['Published', 'success: The artifact is in S3'],
  ])('%s', async (outcome, words) => {
    const { answer, record, executionArn } = await reported(outcome, { pull: undefined });
    expect(answer).toEqual({ status: 'written', reason: '', error: '', message: '' });
    expect(record).toMatchObject({ outcome, status: 'written', statusContext: 'hookline/default' });
    for (const name of [
      'error',
      'message',
      'reason',
      'artifactKey',
      'versionId',
      'bytes',
      'pipeline',
      'statusKind',
      'statusReason',
    ])
      expect(record).not.toHaveProperty(name);
    expect(status()).toBe(words);
    expect(decodeURIComponent(host.statuses[0]?.target_url ?? '')).toContain(executionArn);
    expect(steps.results).toHaveLength(outcome === 'Pending' ? 0 : 1);
  });

  it('with the artifact that was pulled', async () => {
    const pull = { commit: COMMIT, key: 'commits/a.zip', versionId: 'v1', bytes: '17' };
    const { record } = await reported('Published', { pull });
    expect(record).toMatchObject({ artifactKey: 'commits/a.zip', versionId: 'v1', bytes: 17 });
    const { record: empty } = await reported('Published', { pull: { commit: '', key: '', bytes: '' } });
    for (const name of ['artifactKey', 'versionId', 'bytes']) expect(empty).not.toHaveProperty(name);
  });

  it('with the pipeline that builds it', async () => {
    const pipeline = { name: 'deploy', executionId: `run-${last}` };
    const { record } = await reported('PipelineStarted', { pipeline });
    expect(record).toMatchObject({
      ...{ pipeline: 'deploy', pipelineExecutionId: pipeline.executionId, pipelineStatus: 'InProgress' },
    });
    expect(status()).toBe('pending: The pipeline runs');
    expect(host.statuses[0]?.target_url).toContain(`/deploy/executions/${pipeline.executionId}/`);
    const { record: without } = await reported('PipelineStarted', { pipeline: {} });
    for (const name of ['pipeline', 'pipelineExecutionId', 'pipelineStatus'])
      expect(without).not.toHaveProperty(name);
  });

  it('of the commit that the delivery had where the pull found out none', async () => {
    await reported('Published', { pull: { commit: '' } });
    expect(status()).toBe('success: The artifact is in S3');
  });

  it('of the commit that the pull found, which a tag names by its own object', async () => {
    await reported('Published', { pull: { commit: 'c'.repeat(40) } });
    expect(host.commits.at(-1)).toBe('c'.repeat(40));
  });

  it('of the head of a request', async () => {
    const { delivery } = pulledState('refs/heads/topic', { commit: COMMIT });
    const { record } = await reported('Published', { delivery: { ...delivery, pullRequest: request } });
    expect(record.commit).toBe(request.head.commit);
    expect(host.commits.at(-1)).toBe(request.head.commit);
  });
});

describe('no status is written', () => {
  const off = { status: 'off', reason: '', error: '', message: '' };
  const { delivery } = pulledState('refs/heads/main', { commit: COMMIT });
  it.each<[string, string, object, object]>([
    ['without the option', 'Published', {}, { status: false }],
    ['of an outcome that says nothing of the commit', 'Pong', {}, {}],
    ['without a repository', 'Published', { delivery: { ...delivery, repository: undefined } }, {}],
    ['without a commit', 'Published', { delivery: { ...delivery, commit: undefined }, pull: undefined }, {}],
    ['of what the rule ignores at once', 'Ignored', { pull: undefined, reason: 'no file matches' }, {}],
  ])('%s', async (_, outcome, more, rule) => {
    const { answer, record } = await reported(outcome, more, rule);
    expect(answer).toEqual(off);
    expect(host.asked).toBe(0);
    expect(host.statuses).toEqual([]);
    expect(record).toMatchObject({ outcome, status: 'off' });
    for (const name of ['statusContext', 'statusKind']) expect(record).not.toHaveProperty(name);
  });

  it('on a fork’s commit that was not approved, whose record says why', async () => {
    const Cause = JSON.stringify({ errorType: 'NotApproved', errorMessage: 'ada may not' });
    const { answer, record } = await reported('Ignored', { error: { Error: 'NotApproved', Cause } });
    expect(answer).toEqual({ ...off, error: 'NotApproved', message: 'ada may not' });
    expect(record).toMatchObject({ error: 'NotApproved', message: 'ada may not', status: 'off' });
    expect(host.statuses).toEqual([]);
  });
});

describe('a commit that was built before', () => {
  const { delivery } = pulledState('refs/heads/main', { commit: COMMIT });
  const deploy = { name: 'deploy', variables: {} };
  it.each<[string, object, object]>([
    ['without a pipeline', {}, { pipeline: undefined }],
    ['without a name of a pipeline', {}, { pipeline: { name: '{payload.name}', variables: {} } }],
    ['of no repository', { delivery: { ...delivery, repository: undefined } }, { pipeline: deploy }],
    ['of no ref', { delivery: { ...delivery, ref: undefined } }, { pipeline: deploy }],
    ['of no commit', { delivery: { ...delivery, commit: undefined }, pull: undefined }, { pipeline: deploy }],
    ['of which no start is on record', {}, { pipeline: deploy }],
  ])('%s is built by none', async (_, more, rule) => {
    const { record } = await reported('Unchanged', more, rule);
    expect(record).toMatchObject({ outcome: 'Unchanged' });
    for (const name of ['pipeline', 'pipelineExecutionId']) expect(record).not.toHaveProperty(name);
  });

  it('by an execution of which nothing is on record says that it was built', async () => {
    const id = startsId('github.com', 'acme/app', 'refs/heads/main');
    const placed = placedCommitOf(pulledState('refs/heads/main', { commit: COMMIT }));
    const start = {
      ...{ rule: 'default', commit: COMMIT, executionArn: 'arn:then', executionId: 'run-then' },
      ...{ replayName: '', token: 1, time: '', content: '' },
    };
    await withLease(id, 'arn:then', () =>
      recordStarted(id, 'arn:then', 'deploy', withStart(undefined, placed, start)),
    );
    const { record } = await reported('Unchanged');
    expect(record).toMatchObject({ pipeline: 'deploy', pipelineExecutionId: 'run-then' });
    expect(record).not.toHaveProperty('pipelineStatus');
    expect(status()).toBe('success: It was built before: nothing is started again');
  });
});

describe('a failure', () => {
  it('is told by its name and its words', async () => {
    const Cause = JSON.stringify({ errorType: 'X', errorMessage: 'there is no acme/app' });
    const { answer, record } = await reported('PullFailed', { error: { Error: 'RepositoryMissing', Cause } });
    const failure = { error: 'RepositoryMissing', message: 'there is no acme/app' };
    expect(answer).toMatchObject(failure);
    expect(record).toMatchObject({ outcome: 'PullFailed', ...failure });
    expect(status()).toBe('failure: RepositoryMissing: there is no acme/app');
  });

  it('has no message where none came with it', async () => {
    const { answer } = await reported('PullFailed', { error: { Error: 'States.Timeout' } });
    expect(answer).toMatchObject({ error: 'States.Timeout', message: '' });
  });

  it('is also that of a commit which a forced push took off its ref', async () => {
    const error = { Error: 'CommitNotOnRef', Cause: 'it is off' };
    expect((await reported('Ignored', { error })).record).toMatchObject({ error: 'CommitNotOnRef' });
    expect(status()).toBe('failure: CommitNotOnRef: it is off');
  });

  it('is none where the outcome is none, or nothing was thrown', async () => {
    const error = { Error: 'Unchanged', Cause: 'built before' };
    expect((await reported('Unchanged', { error })).record).not.toHaveProperty('error');
    const { record } = await reported('PullFailed');
    expect(record).not.toHaveProperty('error');
  });

  it('has no reason beside it', async () => {
    const error = { Error: 'MergeConflict', Cause: 'in a.txt' };
    const pull = { commit: COMMIT, reason: 'of the filter' };
    expect((await reported('PullFailed', { error, pull })).record).not.toHaveProperty('reason');
  });
});

describe('the reason why a rule did not take it', () => {
  it('is git’s, or else the route’s where it is ignored', async () => {
    const ignored = await reported('Ignored', {
      reason: 'by the route',
      pull: { commit: COMMIT, reason: 'by git' },
    });
    expect(ignored.record.reason).toBe('by git');
    expect(status()).toBe('success: Nothing to build: by git');
    expect((await reported('Ignored', { reason: 'by the route', pull: undefined })).record.reason).toBe(
      'by the route',
    );
    expect((await reported('Published', { reason: 'by the route' })).record).not.toHaveProperty('reason');
  });
});

describe('a last commit status that the host does not take for now', () => {
  const reason = 'github.com did not take the commit status of acme/app: github.com asks for 60 s of rest';
  beforeEach(() => {
    host.answer = 429;
  });
  afterEach(() => {
    host.answer = 201;
  });
  const error = { Error: 'RepositoryMissing', Cause: 'there is none' };

  it.each([
    ['Published', {}],
    ['PullFailed', { error }],
  ])('is told again by the machine, with %s on record', async (outcome, more) => {
    const again = reported(outcome, more, {}, 0);
    await expect(again).rejects.toMatchObject({ name: 'HostUnreachable', message: reason });
    const record = await steps.record('deliveries', `key-${last}`);
    expect(record).toMatchObject({ outcome, status: 'refused', statusReason: reason });
    // Who listens is told once, by the call that ends the delivery.
    expect(steps.results).toEqual([]);
  });

  it.each([
    ['in the end', STATUS_RETRIES],
    ['at once by a machine of the release before', undefined],
  ])('is given up %s, and the delivery has its outcome', async (_, retries) => {
    const { answer, record } = await reported('Published', {}, {}, retries);
    expect(answer).toEqual({ status: 'refused', reason, error: '', message: '' });
    expect(record).toMatchObject({ outcome: 'Published', status: 'refused', statusReason: reason });
    expect(steps.results).toHaveLength(1);
  });

  it('may be that of a pipeline that has ended before', async () => {
    const executionId = randomUUID();
    const pipeline = { name: 'deploy', executionId };
    await recordNews(executionId, { status: 'Succeeded', attempt: 1, time: '2026-01-01T00:00:00Z' });
    await expect(reported('PipelineStarted', { pipeline }, {}, 0)).rejects.toMatchObject({
      ...{ name: 'HostUnreachable', message: reason },
    });
    expect(host.asked).toBe(1);
    expect(await steps.record('deliveries', `key-${last}`)).toMatchObject({ pipelineStatus: 'Succeeded' });
    const { answer } = await reported('PipelineStarted', { pipeline }, {}, STATUS_RETRIES);
    expect(answer).toMatchObject({ status: 'refused' });
  });

  it('is waited for after no pending one, nor after a refusal', async () => {
    for (const outcome of ['Pending', 'PipelineStarted'])
      expect((await reported(outcome, {}, {}, 0)).answer).toMatchObject({ status: 'refused' });
    host.answer = 404;
    expect((await reported('Published', {}, {}, 0)).answer).toMatchObject({ status: 'refused' });
  });
});

describe('a check run', () => {
  it('is what is written where the rule asks for one, and a refusal says why', async () => {
    const { answer, record } = await reported('Published', {}, { status: { checks: true } });
    expect(answer).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('a GitHub App alone'),
    });
    expect(record).toMatchObject({ status: 'refused', statusKind: 'check', statusReason: answer.reason });
    const { record: off } = await reported('Pong', {}, { status: { checks: true } });
    expect(off).not.toHaveProperty('statusKind');
  });
});

describe('a delivery that another execution has taken over', () => {
  const over = async (outcome: string) => {
    last += 1;
    const state = { ...pulledState('refs/heads/main', { commit: COMMIT }), key: `key-${last}` };
    await claim({ executionArn: 'arn:other', state });
    const pipeline = { name: 'deploy', executionId: `run-${last}` };
    await handler({ outcome, executionArn: 'arn:me', state: { ...state, pipeline } }, context);
    return steps.record('deliveries', state.key);
  };

  it('keeps its record, and nobody is told', async () => {
    for (const outcome of ['Published', 'PipelineStarted'])
      expect(await over(outcome)).toMatchObject({ executionArn: 'arn:other' });
    expect(steps.results).toEqual([]);
    expect(await steps.record('deliveries', `pipeline run-${last}`)).toBeUndefined();
  });

  it('is not told from one of which DynamoDB does not answer', async () => {
    const throttled = Object.assign(new Error('too many'), { name: 'ThrottlingException' });
    const refused = aroundCall('Update', { before: () => Promise.reject(throttled) }, () =>
      reported('Published'),
    );
    await expect(refused).rejects.toBe(throttled);
  });
});
