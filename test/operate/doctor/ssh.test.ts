import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../local/testing.ts';
import { keyProblem, knownHostsProblem } from '../../../operate/doctor/ssh.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

async function keyPair(...options: string[]): Promise<{ key: string; known: string }> {
  const file = join(folder.path, String(Math.random()).slice(2));
  await execa('ssh-keygen', ['-q', '-f', file, ...options]);
  return { key: await readFile(file, 'utf8'), known: (await readFile(`${file}.pub`, 'utf8')).trim() };
}

const LOCKED = 'it is locked by a passphrase, which nobody is there to type';

describe('a private key', () => {
  it.each([
    ['ed25519', ['-t', 'ed25519']],
    ['ecdsa', ['-t', 'ecdsa']],
    ['rsa in PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
    ['rsa in PKCS8', ['-t', 'rsa', '-b', '2048', '-m', 'PKCS8']],
  ])('of ssh-keygen, %s, is well-formed; with a passphrase it is not for us', async (_, options) => {
    expect(keyProblem((await keyPair(...options, '-N', '')).key)).toBeUndefined();
    expect(keyProblem((await keyPair(...options, '-N', 'secret words')).key)).toBe(LOCKED);
  });

  it('is not a public one, half of one, or anything else', async () => {
    const { key, known } = await keyPair('-t', 'ed25519', '-N', '');
    for (const text of ['', known, key.slice(0, 200), key.replace(/AAAA/, '####')])
      expect(keyProblem(text)).toMatch(/^it/);
    fc.assert(fc.property(fc.string(), (text) => keyProblem(text) !== undefined));
  });
});

describe('known hosts', () => {
  it('have a key for the host, plain, among others, by port, hashed or by pattern', async () => {
    const { known } = await keyPair('-t', 'ed25519', '-N', '');
    const file = join(folder.path, 'known');
    const lines = `# a comment\n\nother.test,ghes.test ${known}\n[ghes.test]:2222 ${known}\n*.corp.test ${known}\n`;
    await writeFile(file, lines);
    await execa('ssh-keygen', ['-q', '-H', '-f', file]);
    for (const text of [lines, await readFile(file, 'utf8')]) {
      for (const host of ['ghes.test', '[ghes.test]:2222'])
        expect(knownHostsProblem(text, host)).toBeUndefined();
      expect(knownHostsProblem(text, 'elsewhere.test')).toBe('no line of it is for elsewhere.test');
    }
    expect(knownHostsProblem(lines, 'git.corp.test')).toBeUndefined();
    expect(knownHostsProblem(lines, 'corp.test')).toBe('no line of it is for corp.test');
  });

  it('are lines with a whole key whose type is the one that stands before it', async () => {
    const { known } = await keyPair('-t', 'ed25519', '-N', '');
    expect(knownHostsProblem('# nothing\n', 'a.test')).toBe('it has no line with a key');
    for (const line of [
      `a.test ${known.replace('ssh-ed25519', 'ssh-rsa')}`,
      'a.test ssh-rsa',
      known,
      'SHA256:abc',
    ])
      expect(knownHostsProblem(line, 'a.test')).toMatch(/is not a line of a known_hosts file$/);
    fc.assert(fc.property(fc.string(), (text) => knownHostsProblem(text, 'a.test') !== undefined));
  });
});
