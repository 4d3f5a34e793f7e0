import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterPaths } from '../../events/path-filter.ts';

// The table of GitHub's own documentation of filter patterns.
const table: readonly [string, readonly string[], readonly string[]][] = [
  ['*', ['README.md', 'server.rb'], ['docs/a.md']],
  ['*.jsx?', ['page.js', 'page.jsx'], ['page.jsxx', 'a/page.js']],
  ['**', ['all/the/files.md'], []],
  ['*.js', ['app.js', 'index.js'], ['js/app.js']],
  ['**.js', ['index.js', 'js/index.js', 'src/js/app.js'], ['index.ts']],
  ['docs/*', ['docs/README.md', 'docs/file.txt'], ['docs/a/b.md']],
  ['docs/**', ['docs/README.md', 'docs/mona/octocat.txt'], ['doc/a']],
  ['docs/**/*.md', ['docs/README.md', 'docs/mona/hello-world.md', 'docs/a/markdown/file.md'], ['docs/a.txt']],
  ['**/docs/**', ['docs/hello.md', 'dir/docs/my-file.txt', 'space/docs/plan/space.doc'], ['doc/a']],
  ['**/README.md', ['README.md', 'js/README.md'], ['README.mdx']],
  ['**/*src/**', ['a/src/app.js', 'my-src/code/js/app.js'], ['sr/a']],
  [
    '**/migrate-*.sql',
    ['migrate-10909.sql', 'db/migrate-v1.0.sql', 'db/sept/migrate-v1.sql'],
    ['migrate.sql'],
  ],
  ['v[12].[0-9]+', ['v1.10', 'v2.0'], ['v3.0', 'v1.']],
  ['a(b|c)$.txt', ['a(b|c)$.txt'], ['ab.txt']],
  ['\\*.md', ['*.md'], ['a.md']],
];

const passesPaths = (...given: Parameters<typeof filterPaths>) => filterPaths(...given)?.passes;

describe('path filters', () => {
  it.each(table)('%s matches as GitHub says', (pattern, matching, others) => {
    for (const file of matching)
      expect([file, passesPaths({ paths: [pattern] }, [file])]).toEqual([file, true]);
    for (const file of others)
      expect([file, passesPaths({ paths: [pattern] }, [file])]).toEqual([file, false]);
  });

  it('let the last pattern that matches decide', () => {
    const paths = ['sub/**', '!sub/docs/**', 'sub/docs/keep.md'];
    expect(passesPaths({ paths }, ['sub/docs/a.md'])).toBe(false);
    expect(passesPaths({ paths }, ['sub/docs/keep.md'])).toBe(true);
    expect(passesPaths({ paths }, ['sub/docs/a.md', 'sub/a.ts'])).toBe(true);
  });

  it('ignore a push only when every file of it is ignored', () => {
    const ignore = { 'paths-ignore': ['docs/**'] };
    expect(passesPaths(ignore, ['docs/a.md', 'docs/b.md'])).toBe(false);
    expect(passesPaths(ignore, ['docs/a.md', 'src/a.ts'])).toBe(true);
  });

  it('pass what is not known', () => {
    expect(filterPaths({ paths: ['a'] }, undefined)).toEqual({
      passes: true,
      reason: 'the payload does not list the files: the filter passes',
    });
  });

  it('decide nothing of a rule that has none', () => {
    expect(filterPaths({}, ['a'])).toBeUndefined();
    expect(filterPaths({}, undefined)).toBeUndefined();
  });

  it.each([
    [{ paths: ['src/**', '!src/docs/**'] }, ['README.md'], 'no changed file matches src/**, !src/docs/**'],
    [{ paths: ['src/**', 'a'] }, ['README.md', 'src/a.ts'], 'the changed file src/a.ts matches src/**, a'],
    [{ 'paths-ignore': ['docs/**', 'a'] }, ['docs/a'], 'every changed file matches paths-ignore docs/**, a'],
    [
      { 'paths-ignore': ['docs/**', 'a'] },
      ['docs/a', 'b'],
      'the changed file b does not match paths-ignore docs/**, a',
    ],
  ])('say which file decided, or that none did: %j of %j', (filter, changed, reason) => {
    expect(filterPaths(filter, changed)?.reason).toBe(reason);
  });

  it('take any pattern and any name as data', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }),
        fc.string({ unit: 'binary' }),
        (names, file) => {
          const escaped = names.map((name) => name.replace(/[\\*?+[\]!]/g, '\\$&'));
          expect(passesPaths({ paths: escaped }, [file])).toBe(names.includes(file));
        },
      ),
    );
  });
});
