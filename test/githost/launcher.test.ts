import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { describe, expect, it, vi } from 'vitest';
import { createGit } from '../../githost/git.ts';
import { launch } from '../../githost/launcher/index.ts';

const env = { PATH: process.env.PATH ?? '', ONLY: 'this' };

/** Runs a line of shell to its end. */
async function shell(line: string, input = '') {
  const { stdin, stdout, end } = launch({ file: 'sh', args: ['-c', line], env });
  stdin.end(input);
  const output = await text(stdout);
  return { ...(await end), output };
}

const runs = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Starts a program that waits, and gives its process id. */
async function waiting() {
  const launched = launch({ file: 'sh', args: ['-c', 'echo $$; exec sleep 1000'], env });
  const [line] = (await once(launched.stdout, 'data')) as [Buffer];
  return { ...launched, pid: Number(line.toString()) };
}

describe('a launched program', () => {
  it('reads its input, and tells its output, its last words and its status', async () => {
    const long = 'x'.repeat(300_000);
    expect(await shell('cat; echo words >&2; exit 3', long)).toEqual({
      output: long,
      stderr: 'words\n',
      status: 3,
    });
  });

  it('has no environment but its own', async () => {
    const { output } = await shell('env');
    expect(output).toContain('ONLY=this');
    expect(output).not.toContain('HOME=');
  });

  it('with arguments that no program can have ends alone, and the others go on', async () => {
    const other = await waiting();
    const hostile = launch({ file: 'echo', args: ['a\0b'], env });
    hostile.stdin.end();
    expect(await text(hostile.stdout)).toBe('');
    expect(await hostile.end).toMatchObject({ status: 127, stderr: expect.stringContaining('null bytes') });
    expect(await shell('echo on')).toMatchObject({ output: 'on\n', status: 0 });
    expect(runs(other.pid)).toBe(true);
    other.stop();
    await other.end;
  });

  it('may leave its input unread', async () => {
    for (const size of [1, 70_000, 3_000_000])
      for (let time = 0; time < 5; time++)
        expect(await shell('echo done; exit 7', 'x'.repeat(size))).toMatchObject({
          status: 7,
          output: 'done\n',
        });
  });

  it('leaves nothing of its input on a connection that the next one uses', async () => {
    // What the helper has not read of such an input fits in the buffer of a socket.
    for (let time = 0; time < 100; time++) {
      const { stdin, stdout, end } = launch({ file: 'true', args: [], env });
      stdin.end('x'.repeat(100_000 + 1000 * time));
      await text(stdout);
      expect(await end).toMatchObject({ status: 0 });
    }
  });

  it('may end before its input does', async () => {
    const { stdin, stdout, end } = launch({ file: 'sh', args: ['-c', 'echo done'], env });
    stdin.write('x');
    expect(await text(stdout)).toBe('done\n');
    stdin.end('y');
    expect(await end).toMatchObject({ status: 0 });
  });

  it('that is not there has the status of a shell, and says so', async () => {
    const { stdout, end } = launch({ file: 'no-such-program', args: [], env });
    expect(await text(stdout)).toBe('');
    expect(await end).toEqual({ status: 127, stderr: expect.stringContaining('ENOENT') });
  });

  it('is stopped', async () => {
    const { stop, end, pid } = await waiting();
    stop();
    expect(await end).toMatchObject({ status: 143 });
    expect(runs(pid)).toBe(false);
  });

  it('has ended when it fails as its helper is killed, and the next one has another helper', async () => {
    const { end, pid } = await waiting();
    const { stdout: helper } = await execa('ps', ['-o', 'ppid=', '-p', String(pid)]);
    process.kill(Number(helper), 'SIGKILL');
    await expect(end).rejects.toThrow();
    expect(runs(pid)).toBe(false);
    expect(await shell('echo again')).toMatchObject({ output: 'again\n', status: 0 });
  });

  it('that could not say where git keeps its programs is asked again', async () => {
    const git = createGit(await mkdtemp(join(tmpdir(), 'home-')));
    const { end, pid } = await waiting();
    const { stdout: helper } = await execa('ps', ['-o', 'ppid=', '-p', String(pid)]);
    process.kill(Number(helper), 'SIGKILL');
    const [first] = await Promise.allSettled([git.backend(), end]);
    expect(first.status).toBe('rejected');
    expect(await git.backend()).toMatch(/git-http-backend$/);
  });

  it('ends with a process that is killed', async () => {
    const file = new URL('../../githost/launcher/index.ts', import.meta.url).href;
    const program = `
      import { launch } from ${JSON.stringify(file)};
      const { stdout } = launch({ file: 'sh', args: ['-c', 'echo $$; exec sleep 1000'], env: process.env });
      stdout.on('data', (line) => process.stdout.write(line));`;
    const owner = execa('node', ['--import', 'tsx', '--input-type=module', '-e', program], { reject: false });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    owner.kill('SIGKILL');
    await owner;
    await vi.waitFor(() => expect(runs(Number(line.toString()))).toBe(false));
  });
});
