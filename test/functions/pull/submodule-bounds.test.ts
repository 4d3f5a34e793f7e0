import { describe, expect, it } from 'vitest';
import type { PullOptions } from '../../../events/pull-options.ts';
import { boundsOf } from '../../../functions/pull/submodule-bounds.ts';
import { optionsHash } from '../../../functions/shared/artifact.ts';

const app = { fullName: 'acme/app' };
const takes = (submodules: PullOptions['submodules'], name: string, repository = app): boolean => {
  try {
    boundsOf(submodules, repository)?.check('m', name);
    return true;
  } catch {
    return false;
  }
};

describe('a submodule', () => {
  it.each([
    ['acme/lib', true],
    ['ACME/lib', true],
    ['acme-evil/lib', false],
    ['acme/group/lib', false],
    ['evil/acme/lib', false],
    ['evil/lib', false],
  ])('without `from` is of the same owner: %s %j', (name, taken) => {
    expect(takes(true, name)).toBe(taken);
  });

  it('of a repository in a group is of that very group', () => {
    const deep = { fullName: 'acme/group/app' };
    expect([takes(true, 'acme/group/lib', deep), takes(true, 'acme/lib', deep)]).toEqual([true, false]);
  });

  it.each([
    [['acme/*'], 'acme/lib', true],
    [['acme/*'], 'acme/group/lib', false],
    [['acme/**'], 'acme/group/lib', true],
    [['Acme/Lib'], 'acme/LIB', true],
    [['acme/l*', 'other/tools'], 'other/tools', true],
    [['other/tools'], 'acme/lib', false],
    [['other/tools'], 'another/tools', false],
    [['other/tools'], 'other/tools-x', false],
  ])('with `from` %j is what it names: %s %j', (from, name, taken) => {
    expect(takes({ from }, name)).toBe(taken);
  });

  it.each<[PullOptions['submodules'], string, boolean]>([
    [true, 'https://github.com/acme/lib', false],
    [{ from: ['**'] }, 'https://169.254.169.254/latest/x', false],
    [{ from: ['acme/*', 'github.com/**'] }, 'https://github.com/acme/lib', false],
    [{ from: ['https://github.com/acme/*'] }, 'https://github.com/acme/lib.git', true],
    [{ from: ['https://GitHub.com/acme/lib.git'] }, 'https://github.com/Acme/lib', true],
    [{ from: ['https://github.com/acme.github.io/x'] }, 'https://github.com/acme.github.io/x', true],
    [{ from: ['https://github.com/acme/lib'] }, 'https://github.com/acme/lib.git//', true],
    [{ from: ['https://github.com/acme/lib'] }, 'https://github.com/acme/lib/', true],
    [{ from: ['https://github.com/acme/*'] }, 'https://github.com.evil.example/acme/lib', false],
    [{ from: ['https://github.com/acme/*'] }, 'https://github.com/acme/group/lib', false],
    [{ from: ['https://github.com/acme/*'] }, 'https://githubxcom/acme/lib', false],
    [{ from: ['https://github.com/acme/*'] }, 'https://github.com:8443/acme/lib', false],
  ])('of another host is what `from` names by its address: %j %s %j', (submodules, url, taken) => {
    const check = () => boundsOf(submodules, app)?.checkElsewhere('m', url);
    if (taken) expect(check).not.toThrow();
    else expect(check).toThrow(/^submodule "m" is "https:.* `?(from|pull: \{ submodules)/);
  });

  it('that is not let in says why, and what would let it in', () => {
    expect(() => boundsOf(true, app)?.check('m', 'evil/lib')).toThrow(
      expect.objectContaining({
        name: 'SubmoduleNotAllowed',
        message:
          'submodule "m" is the repository "evil/lib", whose owner is not that of acme/app; if the artifact may hold it, give the rule `pull: { submodules: { from: [acme/*, evil/lib] } }`',
      }),
    );
    expect(() => boundsOf({ from: ['a/*', 'b/*'] }, app)?.check('m', 'evil/lib')).toThrow(
      'submodule "m" is the repository "evil/lib", which `submodules: { from: [a/*, b/*] }` does not name; add "evil/lib" to `from`',
    );
    expect(() => boundsOf(true, app)?.checkElsewhere('m', 'https://x.example/y.git/')).toThrow(
      'submodule "m" is "https://x.example/y", at another host; if the artifact may hold it, give the rule `pull: { submodules: { from: [acme/*, https://x.example/y] } }`',
    );
  });

  it('of the host is none that an address names', () => {
    expect(takes({ from: ['https://github.com/acme/*'] }, 'acme/lib')).toBe(false);
  });

  it('is not looked for without the option', () => {
    expect(boundsOf(false, app)).toBeUndefined();
  });

  it('may be the hundredth, and the fifth in the deep', () => {
    const bounds = boundsOf(true, app);
    bounds?.count(60, 1, 'c');
    bounds?.count(40, 5, 'c');
    bounds?.count(0, 6, 'c');
    expect(() => bounds?.count(1, 2, 'c')).toThrow(
      'acme/app has 101 submodules or more, and 100 is the most',
    );
    expect(() => boundsOf(true, app)?.count(1, 6, 'c')).toThrow('commit c has submodules 6 deep');
  });
});

describe('the key of an artifact', () => {
  const hash = (submodules: PullOptions['submodules']) => optionsHash({ git: false, lfs: false, submodules });

  it('stays as it was with submodules on and off', () => {
    expect([hash(true), hash(false)]).toEqual(['51406fc100c3', '4e3ca6dcc884']);
  });

  it('is another for each set of sources, whatever their order', () => {
    expect(hash({ from: ['a/*', 'b/*'] })).toBe(hash({ from: ['b/*', 'a/*', 'b/*'] }));
    expect(new Set([hash(true), hash(false), hash({ from: ['a/*'] }), hash({ from: ['b/*'] })]).size).toBe(4);
  });
});
