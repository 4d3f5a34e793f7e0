import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCgi } from '../../githost/http/cgi.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-cgi-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Begins an answer with the process ids of its helper and of itself, and does not end it. */
const PROGRAM = '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\n$PPID $$\\n"\nexec sleep 1000\n';

it('an answer whose helper is killed fails where its end is waited for, and ends no process', async () => {
  const file = join(folder, 'program');
  await writeFile(file, PROGRAM, { mode: 0o755 });
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', note);
  try {
    const { answer, ended } = runCgi(file, { PATH: process.env.PATH ?? '' }, undefined);
    const { body } = await answer;
    const [line] = (await once(body, 'data')) as [Buffer];
    for (const pid of line.toString().split(' ')) process.kill(Number(pid), 'SIGKILL');
    await expect(ended).rejects.toThrow();
    await turn();
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});

it('a program whose client has left before it began reads an empty input, and ends', async () => {
  const file = join(folder, 'reader');
  const program = '#!/bin/sh\ncat >&2\nprintf "Content-Type: text/plain\\r\\n\\r\\nread\\n"\n';
  await writeFile(file, program, { mode: 0o755 });
  const input = new PassThrough();
  input.write('the beginning of a push');
  input.destroy();
  await once(input, 'close');
  const { answer, ended } = runCgi(file, { PATH: process.env.PATH ?? '' }, input);
  const { body } = await answer;
  await ended;
  body.end();
  expect(await text(body)).toBe('read\n');
});
