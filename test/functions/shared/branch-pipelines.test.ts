import { beforeAll, describe, expect, it } from 'vitest';
import type { PipelineTags } from '../../../events/pipeline-tags.ts';
import { branchTags, checkOurs, isOwn } from '../../../functions/shared/branch-pipelines.ts';
import type { Pulled } from '../../../statemachine/payloads.ts';
import { pulledState } from '../../support/functions/steps.ts';

beforeAll(() => {
  process.env.PIPELINE_OWNER = 'hookline';
});

const ownBy = (each: 'branch' | 'pull-request', number?: number): Pulled => {
  const state = pulledState(
    'refs/heads/topic',
    {},
    { pipeline: { name: 'app', each, limit: 1, variables: {} } },
  );
  const request = { action: 'opened', draft: false, merged: false, fork: false, base: 'main' };
  const head = { ref: 'topic', commit: '1'.repeat(40) };
  return number === undefined
    ? state
    : { ...state, delivery: { ...state.delivery, pullRequest: { ...request, number, head } } };
};
const tagsOf = (state: Pulled, more: Partial<PipelineTags> = {}): PipelineTags => ({
  ...branchTags(state, { template: 'hash', execution: 'arn:made' }),
  ...more,
});
const check = (state: Pulled, tags: PipelineTags | undefined) => () => checkOurs(state, 'app-topic', tags);
const notOurs = expect.objectContaining({ name: 'PipelineNotOurs' });

describe('the pipeline of a branch', () => {
  const state = ownBy('branch', 7);

  it('says what it was made for: no request, though one told of the commit', () => {
    expect(tagsOf(state)).toEqual({
      owner: 'hookline',
      rule: 'default',
      host: 'github.com',
      repository: 'acme/app',
      ref: 'refs/heads/topic',
      pullRequest: '',
      template: 'hash',
      execution: 'arn:made',
    });
  });

  it('is ours, whatever template, rule and execution it was made by', () => {
    expect(check(state, tagsOf(state))).not.toThrow();
    expect(check(state, tagsOf(state, { template: 'x', rule: 'x', execution: 'x' }))).not.toThrow();
  });

  it.each<[string, Partial<PipelineTags>]>([
    ['another Hookline', { owner: 'staging' }],
    ['another host', { host: 'ghes' }],
    ['another repository', { repository: 'acme/other' }],
    ['another branch', { ref: 'refs/heads/other' }],
    ['a pull request of the branch', { pullRequest: '7' }],
  ])('is not ours where it was made for %s', (_title, more) => {
    expect(check(state, tagsOf(state, more))).toThrow(notOurs);
  });

  it('is not ours without tags, and the words name it', () => {
    expect(check(state, undefined)).toThrow(
      'the pipeline app-topic was not made by Hookline for refs/heads/topic of acme/app, so it is not touched; delete it, or name another template',
    );
  });
});

describe('the pipeline of a pull request', () => {
  const state = ownBy('pull-request', 7);

  it('is that of the request, whatever ref tells of it', () => {
    expect(tagsOf(state)).toMatchObject({ pullRequest: '7' });
    expect(check(state, tagsOf(state, { ref: 'refs/pull/7/merge' }))).not.toThrow();
  });

  it.each<[string, Partial<PipelineTags>]>([
    ['another request', { pullRequest: '8' }],
    ['its branch', { pullRequest: '' }],
  ])('is not that of %s', (_title, more) => {
    expect(check(state, tagsOf(state, more))).toThrow(notOurs);
  });

  it('is that of a branch for a delivery that is about no request', () => {
    expect(tagsOf(ownBy('pull-request'))).toMatchObject({ pullRequest: '', ref: 'refs/heads/topic' });
  });
});

it('a pipeline is a Hookline’s own by its owner alone', () => {
  expect(isOwn(tagsOf(ownBy('branch')))).toBe(true);
  expect(isOwn(tagsOf(ownBy('branch'), { owner: 'staging' }))).toBe(false);
});

it('a rule without a pipeline owns none', () => {
  const bare = pulledState('refs/heads/topic', {}, { pipeline: undefined });
  expect(check(bare, tagsOf(ownBy('branch'), { owner: 'staging' }))).toThrow(notOurs);
});
