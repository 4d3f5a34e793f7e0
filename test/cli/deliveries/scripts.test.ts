import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ANYBODY, awsEnvironment } from '../../support/aws-cli.ts';
import { runInProcess } from '../../support/cli/in-process.ts';
import { type FakeAws, STACK, startFakeAws } from '../../support/fake-aws.ts';

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws(0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await aws?.close();
});

const run = (args: readonly string[], input?: string) =>
  runInProcess([...args, '--stack', STACK], {
    cwd: tmpdir(),
    input,
    env: awsEnvironment({ endpoint: aws.endpoint, ...ANYBODY }),
  });

describe('hookline deliveries list for a script', () => {
  it.each(['--json', '--json-lines', '--csv'])(
    'with %s says where it goes on, beside the rows',
    async (format) => {
      aws.arrive(3);
      const first = await run(['deliveries', 'list', format, '--limit', '2']);
      expect(first.stdout).not.toContain('More');
      const [, cursor = ''] = /^More: --cursor (\S+)$/.exec(first.stderr) ?? [];
      const rest = await run(['deliveries', 'list', '--json-lines', '--cursor', cursor]);
      expect(rest.stdout).toContain('"deliveryId":"0"');
      expect(rest.stderr).toBe('');
    },
  );

  it('has any number of rows', async () => {
    aws.arrive(75_000);
    aws.arrive(75_000);
    const { stdout, stderr } = await run(['deliveries', 'list', '--json-lines', '--limit', '200000']);
    expect(stderr).toBe('');
    // One more has no record.
    expect(stdout.split('\n')).toHaveLength(150_001);
  });
});

describe('hookline redeliver --json', () => {
  it('shows the plan to whoever is asked, and answers a no as an interrupt', async () => {
    aws.arrive(2, { outcome: 'PullFailed' });
    const { from } = Readable;
    vi.spyOn(Readable, 'from').mockImplementationOnce((typed) => Object.assign(from(typed), { isTTY: true }));
    const { stdout, stderr, exitCode } = await run(
      ['redeliver', '--outcome', 'PullFailed', '--since', '1h', '--json'],
      'n\n',
    );
    expect(stderr).toMatch(/^2 deliveries would run again: 2 PullFailed\nRun 2 deliveries again\? \[y\/N\] /);
    expect(JSON.parse(stdout)).toEqual({
      replayName: expect.stringMatching(/^redeliver-/),
      ...{ started: 0, left: 2, expired: [], inVain: [], deliveries: [] },
      resume: expect.stringMatching(/^hookline redeliver --outcome PullFailed .* --resume redeliver-/),
    });
    expect(exitCode).toBe(130);
  });
});
