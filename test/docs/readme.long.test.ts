import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/docs/commands.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-readme-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('npm start', () => {
  it('shows a push going the whole way, says what to do next, and stops at an interrupt', async () => {
    const data = join(folder, 'data');
    const child = execa(process.execPath, ['cli/hookline.mjs', 'up', '--port', '0', '--data', data], {
      cwd: ROOT,
      reject: false,
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (String(chunk).includes('Ctrl-C stops everything')) child.kill('SIGINT');
    });
    const { exitCode, stdout, stderr } = await child;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const line of [
      /✔ Pull /,
      /PipelineStarted after/,
      /built the artifact by the artifact's buildspec/,
      /s3:\/\/.*\.zip/,
    ])
      expect(stdout).toMatch(line);
  });
});
