import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { below, commands } from '../support/processes.ts';
import { createRepository } from '../support/repository.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
let taken: Server;
let port: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-up-'));
  await writeFile(join(folder, 'file'), '');
  taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  port = z.object({ port: z.number() }).parse(taken.address()).port;
});
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  taken?.close();
  await rm(folder, { recursive: true, force: true });
});

const hookline = (...args: string[]) => hooklineWith({}, ...args);

const hooklineWith = (env: Record<string, string>, ...args: string[]) =>
  execa(process.execPath, ['cli/hookline.mjs', ...args], { cwd: ROOT, reject: false, env });

const started: ReturnType<typeof hookline>[] = [];

/** `hookline up` until it says what to do next, with all it has said so far. */
async function up(...args: string[]) {
  const child = hookline('up', '--port', '0', ...args);
  started.push(child);
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      if (line.startsWith('Ctrl-C')) resolve();
    });
    child.once('exit', () => reject(new Error(`hookline up ended:\n${said.join('\n')}`)));
  });
  const stop = async () => {
    child.kill('SIGINT');
    const { exitCode, signal, stderr } = await child;
    expect({ exitCode, signal }).toEqual({ exitCode: 0, signal: undefined });
    // A line of a log may come too late to be kept, and says so; nothing else does.
    expect(stderr).not.toMatch(/\n\s+at /);
  };
  return { pid: child.pid ?? 0, said: said.join('\n'), stop };
}

describe('hookline up ends with one line that says what to change', () => {
  const wrong: readonly [string, number, () => string[], RegExp][] = [
    ['a taken port', 1, () => ['--port', String(port), '--data', join(folder, 'a')], /port \d+ .*--port/],
    [
      'a folder that is a file',
      1,
      () => ['--data', join(folder, 'file')],
      /folder .* cannot be written .*--data/,
    ],
    ['a folder below a file', 1, () => ['--data', join(folder, 'file', 'a')], /cannot be written .*--data/],
    ['a folder in /proc', 1, () => ['--data', '/proc/hookline'], /cannot be written .*--data/],
    ['a port that is a word', 2, () => ['--port', 'http'], /0 to 65535, not "http"/],
    ['a port too large', 2, () => ['--port', '65536'], /0 to 65535, not "65536"/],
    ['an option that it has not', 2, () => ['--prot', '1'], /unknown option '--prot'/],
    ['an argument', 2, () => ['now'], /too many arguments/],
  ];
  it.each(wrong)('for %s, and exits with %d', async (_title, code, args, message) => {
    const { exitCode, stderr } = await hookline('up', '--no-demo', ...args());
    expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: expect.stringMatching(message) });
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

// Each starts the whole of it, some twice.
describe('hookline up', () => {
  it('starts empty with --no-demo, and tells a script where everything is', async () => {
    const data = join(folder, 'empty');
    const child = hookline('up', '--no-demo', '--json', '--port', '0', '--data', data);
    started.push(child);
    const ended = child.then(({ stderr }) => Promise.reject(new Error(`hookline up ended:\n${stderr}`)));
    const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
    const outputs = await hookline('outputs', '--json', '--data', data);
    child.kill('SIGINT');
    const { stdout, stderr } = await child;
    expect(stdout).toBe(line);
    expect(stderr).toMatch(/^Hookline runs at .* \(ready after .*\)$/m);
    expect(stderr).not.toContain('demo');
    expect(JSON.parse(line)).toEqual(JSON.parse(outputs.stdout));
    expect(JSON.parse(line)).toMatchObject({
      endpointUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      webhookUrl: expect.stringMatching(/\/webhooks\/github$/),
      gitUrl: expect.stringMatching(/\/git$/),
      bucket: expect.any(String),
      stateMachineArn: expect.stringMatching(/^arn:aws:states:/),
      busName: 'hookline',
      archiveName: 'hookline',
    });
  });

  it('goes on where it stopped, and every child process ends with it, also in the middle of a build', async () => {
    const data = join(folder, 'data');
    const first = await up('--data', data);
    expect(first.said).toContain('PipelineStarted after');
    const clone = /git clone (\S+) demo/.exec(first.said)?.[1] ?? '';
    const repository = await createRepository();
    await repository.commit({
      'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [sleep 600] } }\n',
    });
    await repository.git('push', '--quiet', '--force', clone, 'HEAD:refs/heads/main');
    await repository.remove();
    let running: string[] = [];
    await vi.waitFor(async () => {
      running = await below(first.pid);
      expect(await commands(running)).toContain('sleep 600');
    });
    await first.stop();
    // A helper that ends by its closed input is a moment later.
    await vi.waitFor(async () => expect(await commands(running)).toEqual([]));

    const second = await up('--data', data);
    expect(second.said).toContain('is here from an earlier start');
    const { stdout } = await hookline('deliveries', 'list', '--json', '--data', data);
    await second.stop();
    expect(stdout).toContain('PipelineStarted');
  });

  it('takes up a rule that is added while it runs', async () => {
    const rules = await mkdtemp(join(folder, 'live-'));
    const rule = 'description: a rule\nmatch: { event: [push] }\n';
    await writeFile(join(rules, 'first.yaml'), rule);
    const data = join(folder, 'ruled');
    const child = hookline('up', '--no-demo', '--port', '0', '--rules', rules, '--data', data);
    started.push(child);
    child.stdout?.on('data', (chunk: Buffer) => {
      if (String(chunk).includes('Ctrl-C stops everything')) void writeFile(join(rules, 'second.yaml'), rule);
      if (String(chunk).includes('rules in force')) child.kill('SIGINT');
    });
    const { exitCode, stdout, stderr } = await child;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(
      /\na change in .*live-\w+: checking and synthesizing\nrules in force: first, second \(\d+\.\d\d s\)\n/,
    );
  });

  it('stops in order when it is interrupted while it waits for a command', async () => {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    const slow = '#!/bin/sh\n[ "$1" != init ] || sleep 3\nPATH=${PATH#*:} exec git "$@"\n';
    await writeFile(join(bin, 'git'), slow, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env.PATH}` };
    const child = hooklineWith(env, 'up', '--port', '0', '--data', join(folder, 'interrupted'));
    started.push(child);
    await vi.waitFor(async () => expect(await commands(await below(child.pid ?? 0))).toContain('sleep 3'));
    child.kill('SIGINT');
    const { exitCode, signal, stdout } = await child;
    expect({ exitCode, signal }).toEqual({ exitCode: 0, signal: undefined });
    expect(stdout).toContain('unfinished work goes on at the next start');
  });
});
