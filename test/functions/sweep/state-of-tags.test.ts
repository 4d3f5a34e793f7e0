import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stateOf } from '../../../functions/sweep/state-of-tags.ts';
import { ownRule } from '../../support/functions/own-pipelines.ts';
import { pulledState } from '../../support/functions/steps.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const tags = {
  ...{ owner: 'hookline', rule: 'default', host: 'github.com', repository: 'acme/app' },
  ...{ ref: 'refs/heads/topic', pullRequest: '', template: 'hash', execution: 'arn:made' },
};
const rule = (each: 'branch' | 'pull-request') => ({
  ...pulledState('refs/heads/topic', {}, ownRule({ each })).rule,
  ...{ asksFor: [], match: { event: ['push'] } },
});
const told = {
  delivery: {
    ...{ provider: 'none', host: 'github.com', id: 'sweep', event: 'sweep', ref: 'refs/heads/topic' },
    repository: { fullName: 'acme/app' },
  },
  ...{ replayName: '', key: '', values: {} },
};

it('the end of a branch is told by no request', () => {
  const time = new Date().toISOString();
  const branch = rule('branch');
  expect(stateOf(tags, [branch])).toEqual({ ...told, rule: branch, route: 'retire', time });
});

it('the end of a request is told by its number and its branch', () => {
  const request = rule('pull-request');
  const pullRequest = {
    ...{ number: 7, action: 'closed', draft: false, merged: false, fork: false, base: '' },
    head: { ref: 'topic', commit: '' },
  };
  expect(
    stateOf({ ...tags, pullRequest: '7' }, [rule('branch'), { ...request, was: ['default'], name: 'new' }]),
  ).toBeUndefined();
  expect(stateOf({ ...tags, pullRequest: '7' }, [request])).toEqual({
    ...{ ...told, rule: request, route: 'close', time: new Date().toISOString() },
    delivery: { ...told.delivery, pullRequest },
  });
});

it('the end of what another rule has made, or of another kind, is not told', () => {
  const branch = rule('branch');
  expect(stateOf({ ...tags, rule: 'other' }, [branch])).toBeUndefined();
  expect(stateOf({ ...tags, pullRequest: '7' }, [branch])).toBeUndefined();
  expect(stateOf(tags, [rule('pull-request')])).toBeUndefined();
  expect(stateOf(tags, [{ ...branch, pipeline: undefined }])).toBeUndefined();
  const renamed = { ...branch, name: 'new', was: ['default'] };
  expect(stateOf(tags, [renamed])).toMatchObject({ rule: renamed });
});
