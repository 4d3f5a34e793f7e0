import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import * as z from 'zod';
import { ANYBODY, awsEnvironment } from '../support/aws-cli.ts';
import { COMMAND } from '../support/cli/command.ts';
import { STACK, startFakeAws } from '../support/fake-aws.ts';

// What a Hookline on one machine is done with at once takes minutes on AWS.

const QUERY = 'DynamoDB_20120810.Query';
const querySchema = z.object({
  ExpressionAttributeValues: z.object({ ':day': z.object({ S: z.string() }) }),
});

/** A command as a process of its own, as only that can be interrupted, with an AWS of its own. */
async function start({ onTestFinished }: TestContext, ...args: string[]) {
  const aws = await startFakeAws(100_000);
  const child = execa(process.execPath, [COMMAND, ...args, '--stack', STACK], {
    env: awsEnvironment({ endpoint: aws.endpoint, ...ANYBODY }),
    reject: false,
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await child;
    await aws.close();
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk));
  const says = (text: string): Promise<void> =>
    vi.waitFor(() => expect(said).toContain(text), { interval: 10 });
  return { aws, child, says };
}

const hour = () => ['--from', new Date(Date.now() - 3_600_000).toISOString()];

describe.concurrent('hookline replay', () => {
  it('shows how far it is, and is cancelled by an interrupt, with what it has caused', async (context) => {
    const { aws, child, says } = await start(context, 'replay', ...hour(), '--rule', 'default');
    await says('0 %  Replay running');
    aws.replays.reach(0.5);
    aws.arrive(1, { replayName: aws.replays.name, deliveryId: 'one-of-many' });
    await says('50 %  Replay running');
    child.kill('SIGINT');
    const { stdout, stderr, exitCode } = await child;
    expect(aws.calls('AWSEvents.CancelReplay')).toEqual([{ ReplayName: aws.replays.name }]);
    expect(stderr).toContain('50 %  Replay cancelled');
    expect(stdout).toMatch(/^Replay hookline-\S+ cancelled\n/);
    expect(stdout).toMatch(/^one-of-m +default +acme\/app-\d +main +Published$/m);
    expect(exitCode).toBe(130);
  });

  it('that ended before the interrupt came is no error', async (context) => {
    const { aws, child, says } = await start(context, 'replay', ...hour(), '--json');
    await says('0 %  Replay running');
    const { name } = aws.replays;
    // It is complete only as the cancellation comes.
    aws.replays.endAtCancel();
    child.kill('SIGINT');
    const { stdout, exitCode } = await child;
    expect(aws.calls('AWSEvents.CancelReplay')).toEqual([{ ReplayName: name }]);
    expect(JSON.parse(stdout)).toEqual({ replayName: name, state: 'COMPLETED', deliveries: [] });
    expect(exitCode).toBe(0);
  });

  it('that has ended ends with an interrupt at once, though its executions run', async (context) => {
    const { aws, child, says } = await start(context, 'replay', ...hour());
    await says('0 %  Replay running');
    aws.arrive(1, { replayName: aws.replays.name, outcome: 'Pending' });
    aws.replays.reach(1);
    await says('0 %  0 of 1 executions');
    child.kill('SIGINT');
    expect(await child).toMatchObject({ signal: 'SIGINT', stdout: '' });
    expect(aws.calls('AWSEvents.CancelReplay')).toEqual([]);
  });

  it('of more than a page of deliveries is followed to its end', async (context) => {
    const { aws, child, says } = await start(context, 'replay', ...hour(), '--json');
    await says('0 %  Replay running');
    aws.arrive(2345, { replayName: aws.replays.name });
    aws.replays.reach(1);
    const { stdout } = await child;
    expect(JSON.parse(stdout)).toMatchObject({ state: 'COMPLETED', deliveries: { length: 2345 } });
  });
});

describe.concurrent('hookline deliveries watch', () => {
  it('shows what passes the filter late, below what is newer', async (context) => {
    const { aws, says } = await start(
      context,
      'deliveries',
      'watch',
      '--pipeline-status',
      'failed',
      '--json',
    );
    const late = { pipelineStatus: '', deliveryId: 'late' };
    aws.arrive(1, late);
    await wait(10);
    aws.arrive(1, { pipelineStatus: 'Failed', deliveryId: 'early' });
    await says('"early"');
    late.pipelineStatus = 'Failed';
    await says('"late"');
  });

  it('asks again only for what may be new', async (context) => {
    const { aws, child, says } = await start(
      context,
      'deliveries',
      'watch',
      '--repository',
      'acme/new',
      '--json',
    );
    // At first it has looked through all that is kept: nothing matches.
    const days = () =>
      aws.calls(QUERY).map((input) => querySchema.parse(input).ExpressionAttributeValues[':day'].S);
    await vi.waitFor(() => expect(days().length).toBeGreaterThan(90));
    aws.arrive(1, { repository: 'acme/new', deliveryId: 'first' });
    await says('"first"');
    const first = days().length;
    aws.arrive(1, { repository: 'acme/new', deliveryId: 'second' });
    await says('"second"');
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    expect(
      days()
        .slice(first)
        .filter((day) => day < yesterday),
    ).toEqual([]);
    child.kill('SIGINT');
    expect(await child).toMatchObject({ signal: 'SIGINT', stderr: '' });
  });
});
