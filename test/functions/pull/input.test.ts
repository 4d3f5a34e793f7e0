import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  historyOf,
  isOneCommit,
  isPlain,
  keptKeyOf,
  keyOf,
  pointerOf,
  readInput,
} from '../../../functions/pull/input.ts';
import { artifactKey, keptKey, pointerKey } from '../../../functions/shared/artifact.ts';
import { inputOf } from '../../support/functions/pull-here.ts';

const COMMIT = 'c'.repeat(40);
const BEFORE = 'b'.repeat(40);
const delivery = {
  provider: 'github',
  host: 'git',
  id: 'd1',
  event: 'push',
  ref: 'refs/heads/main',
  commit: COMMIT,
  before: BEFORE,
  repository: { fullName: 'acme/app', defaultBranch: 'trunk' },
};
const request = {
  number: 7,
  action: 'opened',
  draft: false,
  merged: false,
  fork: false,
  head: { ref: 'topic', commit: COMMIT },
  base: 'main',
};

const environment = (values: Record<string, unknown>) => {
  const all = {
    HOOKLINE_DELIVERY: delivery,
    HOOKLINE_PULL: {},
    ARTIFACT_BUCKET: 'bucket',
    HOOKLINE_EXPORTS: '/exports',
    ...values,
  };
  for (const [name, value] of Object.entries(all))
    vi.stubEnv(name, typeof value === 'object' ? JSON.stringify(value) : (value as string | undefined));
};

describe('the input of a pull', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('is what its environment says', () => {
    environment({ HOOKLINE_PULL: { path: 'a/b' }, HOOKLINE_ASKED: { values: ['commit.time'] } });
    expect(readInput()).toEqual({
      repository: { host: 'git', fullName: 'acme/app' },
      options: expect.objectContaining({ path: 'a/b', git: false, lfs: false, submodules: false }),
      ref: 'refs/heads/main',
      delivered: COMMIT,
      before: BEFORE,
      base: undefined,
      defaultBranch: 'trunk',
      asked: { values: ['commit.time'] },
      mergeOf: undefined,
      ofFork: false,
      deliveryId: 'd1',
      bucket: 'bucket',
      exports: '/exports',
    });
  });

  it.each(['', undefined])(
    'asks for nothing where the machine of the release before said nothing: %j',
    (asked) => {
      environment({ HOOKLINE_ASKED: asked });
      expect(readInput().asked).toEqual({ values: [] });
    },
  );

  it('is of a merge only where the ref is that of the request', () => {
    environment({ HOOKLINE_DELIVERY: { ...delivery, ref: 'refs/pull/7/merge', pullRequest: request } });
    expect(readInput()).toMatchObject({ base: 'main', mergeOf: { number: 7, head: COMMIT, base: 'main' } });
    environment({ HOOKLINE_DELIVERY: { ...delivery, ref: 'refs/pull/7/head', pullRequest: request } });
    expect(readInput()).toMatchObject({ base: 'main', mergeOf: undefined });
    environment({ HOOKLINE_DELIVERY: { ...delivery, ref: 'refs/pull/7/merge' } });
    expect(readInput()).toMatchObject({ mergeOf: undefined });
  });

  it.each([true, false])('is of a fork where the request is: %s', (fork) => {
    const pullRequest = { ...request, fork };
    environment({ HOOKLINE_DELIVERY: { ...delivery, ref: 'refs/pull/7/head', pullRequest } });
    expect(readInput()).toMatchObject({ ofFork: fork });
  });

  it.each([
    ['HOOKLINE_DELIVERY', { ...delivery, repository: undefined }],
    ['HOOKLINE_DELIVERY', { ...delivery, ref: undefined }],
    ['HOOKLINE_PULL', { git: 'some' }],
    ['HOOKLINE_ASKED', { values: 1 }],
    ['HOOKLINE_PULL', undefined],
    ['ARTIFACT_BUCKET', undefined],
    ['HOOKLINE_EXPORTS', undefined],
  ])('is refused where %s is %j', (name, value) => {
    environment({ [name]: value });
    expect(() => readInput()).toThrow(
      expect.objectContaining({ name: 'Misconfigured', message: expect.stringContaining(name) }),
    );
  });
});

describe('what a pull makes', () => {
  const { repository, options } = inputOf();

  it('stands at the keys of its repository and options', () => {
    expect(keyOf(inputOf(), COMMIT)).toBe(artifactKey(repository, options, COMMIT));
    expect(keyOf(inputOf(), COMMIT, 'tags')).toBe(artifactKey(repository, options, COMMIT, 'tags'));
    expect(keptKeyOf(inputOf())).toBe(keptKey(repository, options));
    expect(pointerOf(inputOf())).toBe(pointerKey(repository, options, 'refs/heads/main'));
  });

  it.each([
    [{}, true],
    [{ git: true }, false],
    [{ git: { depth: 2, tags: false } }, false],
    [{ lfs: true }, false],
    [{ submodules: true }, false],
    [{ path: 'a' }, false],
  ])('is the commit as it stands by %j: %j', (more, plain) => {
    expect(isPlain(inputOf({ options: { ...options, ...more } }))).toBe(plain);
  });

  it.each([
    [false, undefined, false],
    [true, { depth: 1, tags: false }, true],
    [{ depth: 1, tags: false }, { depth: 1, tags: false }, true],
    [{ depth: 1, tags: true }, { depth: 1, tags: true }, false],
    [{ depth: 'full', tags: false }, { depth: 'full', tags: false }, false],
  ] as const)('has by git: %j the history %j, one commit alone: %j', (git, history, alone) => {
    const input = inputOf({ options: { ...options, git } });
    expect([historyOf(input), isOneCommit(input)]).toEqual([history, alone]);
  });
});
