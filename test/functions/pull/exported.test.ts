import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { writeExports } from '../../../functions/pull/exported.ts';
import { hide } from '../../../functions/pull/log.ts';
import { temporaryFolder } from '../../../local/testing.ts';
import type { PullResult } from '../../../statemachine/payloads.ts';
import { decodedText, NO_VALUE } from '../../../statemachine/pull-exports.ts';

const pulled: PullResult = {
  outcome: 'pulled',
  token: '7',
  commit: 'c',
  tip: 't',
  key: "k'$(touch x)",
  versionId: 'v',
  tipKey: 'tk',
  bytes: '12',
};

async function exportsOf(result: PullResult): Promise<Record<string, string>> {
  const path = join(temporaryFolder().path, 'exports');
  await writeExports(path, result);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  for (const line of (await readFile(path, 'utf8')).trimEnd().split('\n'))
    expect(line).toMatch(/^export HOOKLINE_\w+='/);
  const { stdout } = await execa('sh', ['-c', '. "$1" && env', 'sh', path], { extendEnv: false });
  return Object.fromEntries(
    stdout
      .split('\n')
      .flatMap((line) =>
        [/^HOOKLINE_(\w+)=(.*)$/.exec(line)?.slice(1) ?? []].filter((found) => found.length),
      ),
  );
}

it('what the machine reads of a pull is a shell file, with a word for what there is not', async () => {
  expect(await exportsOf(pulled)).toEqual({
    OUTCOME: 'pulled',
    TOKEN: '7',
    COMMIT: 'c',
    TIP: 't',
    KEY: "k'$(touch x)",
    VERSION_ID: 'v',
    TIP_KEY: 'tk',
    BYTES: '12',
    CONTENT: NO_VALUE,
    REASON: NO_VALUE,
    SUBJECT: NO_VALUE,
    MESSAGE: NO_VALUE,
    AUTHOR: NO_VALUE,
    TIME: NO_VALUE,
    FILES: NO_VALUE,
    CHANGED: NO_VALUE,
  });
});

it('text of whoever has pushed is encoded, without secrets, and cut to a thousand characters', async () => {
  hide('the-secret-word');
  const texts = {
    reason: 'because',
    subject: 'über',
    message: `${'m'.repeat(1500)}`,
    author: 'the-secret-word',
    time: '2026',
    files: '2',
    changed: '["a"]',
  };
  const found = await exportsOf({ ...pulled, content: 'tree', ...texts });
  expect(found.CONTENT).toBe('tree');
  expect(Object.values(found).join('')).toMatch(/^[\x20-\x7e]*$/);
  const read = (name: string) => decodedText(found[name] ?? '');
  expect(read('MESSAGE')).toMatch(/^m{990,}/);
  expect(read('MESSAGE').length).toBeLessThanOrEqual(1000);
  expect(['REASON', 'SUBJECT', 'AUTHOR', 'TIME', 'FILES', 'CHANGED'].map(read)).toEqual([
    'because',
    'über',
    '***',
    '2026',
    '2',
    '["a"]',
  ]);
});
