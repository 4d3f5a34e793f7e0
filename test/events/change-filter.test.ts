import { describe, expect, it } from 'vitest';
import { type ChangeFilter, filterChange, type Told } from '../../events/change-filter.ts';

const push = { provider: 'github', host: 'github.com', id: '1', event: 'push', ref: 'refs/heads/main' };
const SKIP: ChangeFilter = { skip: ['ci-words'] };
const PATHS: ChangeFilter = { paths: ['src/**'] };
const IGNORED: ChangeFilter = { 'paths-ignore': ['docs/**'] };
const NO_FILES = 'the payload does not list every file';
const NO_MESSAGE = "the payload has no commit's message";
const BY_GIT = ': the pull decides by git';

describe('a filter on what a push changes and says', () => {
  it.each<[string, ChangeFilter, Partial<Told>, object | undefined]>([
    [
      'the message says so',
      SKIP,
      { message: 'x [skip ci]' },
      { passes: false, reason: "the commit's message says [skip ci]", byPaths: false, open: [] },
    ],
    [
      'the message says so, whatever changed',
      { ...SKIP, ...PATHS },
      { message: '[ci skip]', changed: ['src/a'] },
      { passes: false, reason: "the commit's message says [ci skip]", byPaths: false, open: [] },
    ],
    ['the message says nothing of it', SKIP, { message: 'x' }, undefined],
    ['the rule has no word of it', {}, { message: '[skip ci]' }, undefined],
    [
      'no message',
      SKIP,
      {},
      { passes: true, reason: `${NO_MESSAGE}${BY_GIT}`, byPaths: false, open: ['skip'] },
    ],
    ['a file', PATHS, { changed: ['src/a'] }, { passes: true, byPaths: true, open: [] }],
    ['another file', PATHS, { changed: ['a'] }, { passes: false, byPaths: true, open: [] }],
    [
      'a file, and no message',
      { ...SKIP, ...PATHS },
      { changed: ['src/a'] },
      { passes: true, open: ['skip'] },
    ],
    ['another file, and no message', { ...SKIP, ...PATHS }, { changed: ['a'] }, { passes: false, open: [] }],
    ['ignored files alone', IGNORED, { changed: ['docs/a'] }, { passes: false, byPaths: true }],
    ['no files', PATHS, {}, { passes: true, reason: `${NO_FILES}${BY_GIT}`, byPaths: true, open: ['paths'] }],
    [
      'neither files nor message',
      { ...SKIP, ...IGNORED },
      {},
      {
        passes: true,
        reason: `${NO_MESSAGE}, and ${NO_FILES}${BY_GIT}`,
        byPaths: true,
        open: ['skip', 'paths'],
      },
    ],
  ])('by %s', (_title, rule, told, expected) => {
    const found = filterChange(rule, push, { changed: undefined, ...told });
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(expected);
  });

  it('passes a tag, whose files nobody lists', () => {
    const tag = { ...push, ref: 'refs/tags/v1' };
    expect(filterChange(PATHS, tag, { changed: undefined })).toEqual({
      passes: true,
      reason: 'a path filter is for branches, and passes a tag',
      byPaths: true,
      open: [],
    });
    expect(filterChange(PATHS, { ...tag, ref: undefined }, { changed: undefined })).toMatchObject({
      open: ['paths'],
    });
  });

  it('is for pushes and pull requests alone', () => {
    const created = { ...push, event: 'create' };
    expect(filterChange(PATHS, created, { changed: ['a'] })).toBeUndefined();
    const pullRequest = {
      number: 1,
      action: 'opened',
      draft: false,
      merged: false,
      fork: false,
      head: { ref: 'topic', commit: '1'.repeat(40) },
      base: 'main',
    };
    const requested = { ...push, event: 'pull_request', pullRequest };
    expect(filterChange(PATHS, requested, { changed: ['a'] })).toMatchObject({ passes: false });
  });
});
