import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeExports } from '../../../functions/pull/exported.ts';
import { decodedText, NO_VALUE, pullExports } from '../../../statemachine/pull-exports.ts';

describe('the exports file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hookline-exports-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(['bash', 'sh'])('gives %s any text back as it was, and runs none of it', async (shell) => {
    // no process can have a NUL in its environment
    const text = fc.oneof(
      fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '')),
      fc.constantFrom("'", "'\\''", '$(touch x)', '`id`', '\n\nexport A=1', '\\', '!!', '"$HOME"', '-n', ''),
    );
    const sample = fc.record({
      commit: text,
      tip: text,
      key: text,
      versionId: text,
      tipKey: text,
      subject: text,
    });
    await fc.assert(
      fc.asyncProperty(sample, async (given) => {
        const path = join(folder, shell);
        const pulled = { outcome: 'pulled', token: '1', bytes: '2', ...given } as const;
        await writeExports(path, pulled);
        const { stdout } = await execa(shell, ['-c', '. "$1" && env -0', shell, path], {
          stdin: 'ignore', // bash takes a socket for a login from afar, and reads its start-up files
          extendEnv: false,
          env: { PATH: process.env.PATH },
        });
        const found = Object.fromEntries(stdout.split('\0').map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
        const { outcome, token, commit, tip, key, versionId, tipKey, bytes } = pulled;
        const values = [outcome, token, commit, tip, key, versionId, tipKey, bytes];
        const names = pullExports.slice(0, values.length);
        expect(names.map((name) => found[name])).toEqual(values.map((value) => value || NO_VALUE));
        // What a commit says is written in ASCII.
        expect(found.HOOKLINE_SUBJECT).toMatch(/^[ -~]+$/);
        expect(decodedText(found.HOOKLINE_SUBJECT ?? '')).toBe(given.subject.replace(/\p{Cs}/gu, '\uFFFD'));
      }),
      { numRuns: 60 },
    );
  });
});
