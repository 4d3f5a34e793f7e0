import { describe, expect, it } from 'vitest';
import { pipelineSchema } from '../../events/branch-pipeline-options.ts';
import { pullOptionsSchema, pullSchema } from '../../events/pull-options.ts';

/** What is wrong with the object that names a pipeline, each with its path. */
const problems = (pipeline: object): string[] =>
  (pipelineSchema.options[1].safeParse(pipeline).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

describe('the pipeline of a rule', () => {
  it.each([
    ['build-{name}', 'build-'],
    // The name has nothing of its own before the first placeholder.
    ['{name}', 'build-'],
    ['b.{name}-{branch}', 'b.'],
  ])('%s needs a prefix, such as %s', (name, prefix) => {
    expect(problems({ name })).toEqual([
      `name: a name with placeholders needs a prefix, which it begins with: prefix: ${prefix}`,
    ]);
  });

  it.each<[object, string[]]>([
    [{ name: 'build-{name}', prefix: 'build-' }, []],
    [{ name: 'build-{name}', prefix: 'b' }, []],
    [
      { name: 'build-{name}', prefix: 'build-x' },
      ['prefix: the name build-{name} does not begin with it before its first placeholder'],
    ],
    [{ name: 'site', prefix: 'site' }, ['prefix: the name site has no placeholder: leave the prefix out']],
    [{ name: 'x'.repeat(100) }, []],
    [{ name: 'x'.repeat(101) }, ['name: a pipeline name has 1 to 100 of A-Z a-z 0-9 . @ - _']],
  ])('%j has these problems: %j', (pipeline, expected) => {
    expect(problems(pipeline)).toEqual(expected);
  });

  it('of each branch has its template for a name, and hands out no role unless it is told to', () => {
    const branch = (more: object = {}) => pipelineSchema.parse({ template: 'app', each: 'branch', ...more });
    expect(branch()).toEqual({
      ...{ name: 'app', prefix: 'app-', each: 'branch', roles: [], limit: 25, idleDays: 14, variables: {} },
    });
    expect(branch({ role: 'one' })).toMatchObject({ roles: ['one'] });
    expect(branch({ role: ['one', 'two'], 'idle-days': 'never' })).toMatchObject({
      roles: ['one', 'two'],
      idleDays: 'never',
    });
  });

  it.each<[object, boolean]>([
    [{ limit: 1 }, true],
    [{ limit: 200 }, true],
    [{ limit: 0 }, false],
    [{ limit: 201 }, false],
    [{ 'idle-days': 365 }, true],
    [{ 'idle-days': 366 }, false],
    [{ 'idle-days': 0 }, false],
    [{ role: [] }, false],
    [{ role: 'arn:aws:iam::000000000000:role/path/name' }, true],
    [{ role: 'arn:aws:iam::0:role/name' }, false],
    [{ role: 'a b' }, false],
    [{ template: 'x'.repeat(80) }, true],
    [{ template: 'x'.repeat(81) }, false],
    [{ each: 'tag' }, false],
  ])('of each branch may have %j: %j', (more, is) => {
    expect(pipelineSchema.safeParse({ template: 'app', each: 'branch', ...more }).success).toBe(is);
  });
});

describe('the options of a pull', () => {
  it.each<[object, boolean]>([
    [{ path: 'services/api' }, true],
    [{ path: 'a'.repeat(500) }, true],
    [{ path: 'a'.repeat(501) }, false],
    [{ path: '' }, false],
    [{ path: '/services' }, false],
    [{ path: 'services/' }, false],
    [{ path: 'a//b' }, false],
    [{ path: './a' }, false],
    [{ path: 'a/../b' }, false],
    [{ path: 'a\\b' }, false],
    [{ path: 'a\nb' }, false],
    [{ path: 'a', git: true }, false],
    [{ path: 'a', git: false, submodules: false, lfs: true }, true],
    [{ path: 'a', submodules: true }, false],
    [{ git: { depth: 1, tags: true } }, true],
    [{ git: { depth: 'full' } }, true],
    [{ git: { depth: 0 } }, false],
    [{ git: { depth: 1_000_000 } }, true],
    [{ git: { depth: 1_000_001 } }, false],
    [{ git: { deep: 1 } }, false],
    [{ submodules: { from: ['acme/*', 'https://git.example.com/acme/app'] } }, true],
    [{ submodules: { from: [] } }, false],
    [{ submodules: { from: ['acme'] } }, false],
    [{ submodules: { from: ['!acme/app'] } }, false],
    [{ submodules: { from: ['acme/app/'] } }, false],
    [{ submodules: { from: ['http://git.example.com/acme/app'] } }, false],
    [{ compute: 'ec2' }, true],
    [{ compute: 'fargate' }, false],
    [{ more: 1 }, false],
  ])('%j are some: %j', (options, are) => {
    expect(pullSchema.safeParse(options).success).toBe(are);
  });

  it('of another release lose the members that this one does not know', () => {
    const read = { more: 1, git: { depth: 3, deep: 1 }, submodules: { from: ['a/b'], more: 1 } };
    expect(pullOptionsSchema.parse(read)).toEqual({
      ...{ git: { depth: 3, tags: false }, submodules: { from: ['a/b'] }, lfs: false, compute: 'lambda' },
    });
  });
});
