import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ArtifactOptions,
  artifactKey,
  commitOfKey,
  keptKey,
  optionsHash,
  pointerKey,
  repositorySegments,
} from '../../../functions/shared/artifact.ts';

const plain: ArtifactOptions = { submodules: false, lfs: false, git: false };
const COMMIT = '1a'.repeat(20);
const app = { host: 'git', fullName: 'acme/app' };

describe('the hash of the options', () => {
  const OTHERS: readonly ArtifactOptions[] = [
    plain,
    { ...plain, lfs: true },
    { ...plain, path: 'a' },
    { ...plain, path: 'b' },
    { ...plain, submodules: true },
    { ...plain, submodules: { from: ['acme/*'] } },
    { ...plain, submodules: { from: ['acme/*', 'other/*'] } },
    { ...plain, git: true },
    { ...plain, git: { depth: 2, tags: false } },
    { ...plain, git: { depth: 'full', tags: false } },
    { ...plain, git: { depth: 1, tags: true } },
  ];

  it('is another one for all that make other bytes', () => {
    const hashes = OTHERS.map(optionsHash);
    expect(new Set(hashes).size).toBe(OTHERS.length);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{12}$/);
  });

  it('is the same for what makes the same bytes', () => {
    const from = (...patterns: string[]) => optionsHash({ ...plain, submodules: { from: patterns } });
    expect(from('b/*', 'a/*', 'b/*')).toBe(from('a/*', 'b/*'));
    expect(optionsHash({ ...plain, git: { depth: 1, tags: false } })).toBe(
      optionsHash({ ...plain, git: true }),
    );
  });
});

describe('a key', () => {
  it('holds the host, the repository, the options and the commit or the ref', () => {
    const folder = `git/acme/app/${optionsHash(plain)}`;
    expect(artifactKey(app, plain, COMMIT)).toBe(`commits/${folder}/${COMMIT}.zip`);
    expect(artifactKey(app, plain, COMMIT, 'tags')).toBe(`commits/${folder}/${COMMIT}-tags.zip`);
    expect(pointerKey(app, plain, 'refs/heads/a/b')).toBe(`${folder}/refs/heads/a/b.zip`);
    expect(keptKey(app, plain)).toBe(`kept/${folder}`);
  });

  it('tells its commit', () => {
    expect(commitOfKey(artifactKey(app, plain, COMMIT))).toBe(COMMIT);
    expect(commitOfKey(artifactKey(app, plain, COMMIT, 'ab12'))).toBe(COMMIT);
    expect(commitOfKey('')).toBe('');
  });

  it('is of a commit of SHA-1 or of SHA-256', () => {
    expect(artifactKey(app, plain, 'f'.repeat(64))).toContain('f'.repeat(64));
  });

  it.each(['', COMMIT.slice(1), `${COMMIT}1`, `x${COMMIT}`, `${COMMIT}\n`, COMMIT.toUpperCase()])(
    'is not made of a commit %j',
    (commit) => {
      expect(() => artifactKey(app, plain, commit)).toThrow(
        expect.objectContaining({
          name: 'Malformed',
          message: expect.stringContaining(JSON.stringify(commit)),
        }),
      );
    },
  );

  it.each(['main', 'heads/refs/x', 'refs/heads/', 'refs//main', 'refs/./main', 'refs/heads/../../other', ''])(
    'is not made of a ref %j (I8)',
    (ref) => {
      expect(() => pointerKey(app, plain, ref)).toThrow(
        expect.objectContaining({
          name: 'RefInvalid',
          message: expect.stringContaining(JSON.stringify(ref)),
        }),
      );
    },
  );

  it('has as many bytes as S3 takes, and not one more', () => {
    const room = 1024 - Buffer.byteLength(pointerKey(app, plain, 'refs/heads/x')) + 1;
    expect(Buffer.byteLength(pointerKey(app, plain, `refs/heads/${'x'.repeat(room)}`))).toBe(1024);
    expect(() => pointerKey(app, plain, `refs/heads/${'x'.repeat(room + 1)}`)).toThrow('shorten the ref');
    expect(() => pointerKey(app, plain, `refs/heads/${'ü'.repeat(room - 1)}`)).toThrow('1024 bytes');
  });

  it('that is refused is not repeated at its whole length', () => {
    const long = 'y'.repeat(5000);
    try {
      artifactKey(app, plain, long);
      expect.unreachable();
    } catch (error) {
      expect(String(error)).toContain(`${'y'.repeat(200)}…"`);
      expect(String(error).length).toBeLessThan(400);
    }
    expect(() => artifactKey(app, plain, 'z'.repeat(200))).toThrow(`"${'z'.repeat(200)}"`);
  });
});

describe('the name of a repository (I8)', () => {
  it.each([
    'acme/app',
    'group/sub/app',
    'a.b/-c'.replace('-', '_'),
    'a/.github',
    'A-1/b_2.c',
    'acme/app.',
    'a../b..',
  ])('may be %s', (name) => {
    expect(repositorySegments(name)).toEqual(name.split('/'));
  });

  it.each([
    'app',
    '',
    '/app',
    'acme/',
    'acme//app',
    'acme/..',
    './app',
    '-acme/app',
    'acme/-app',
    'acme/a b',
  ])('is not %j', (name) => {
    expect(() => repositorySegments(name)).toThrow(
      expect.objectContaining({ name: 'Malformed', message: expect.stringContaining(JSON.stringify(name)) }),
    );
    expect(() => keptKey({ host: 'git', fullName: name }, plain)).toThrow('owner/name');
  });

  it('never leads out of its folder, nor is an option of a program', () => {
    const part = fc.string({
      unit: fc.constantFrom('.', '-', '/', 'a', '\\', ' ', '?', '\n', 'é'),
      maxLength: 6,
    });
    fc.assert(
      fc.property(part, (name) => {
        let parts: readonly string[];
        try {
          parts = repositorySegments(name);
        } catch {
          return;
        }
        expect(parts.join('/')).toBe(name);
        for (const each of parts) expect(each).toMatch(/^(?!-)(?!\.+$)[\w.-]+$/);
      }),
      { numRuns: 1000 },
    );
  });
});
