import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { pushDemo } from '../../../cli/up/demo.ts';
import { showDemo } from '../../../cli/up/demo-run.ts';
import { type RunningHost, SECRET, startHost, TOKEN } from '../../support/git-host.ts';

let host: RunningHost;
let said: string[];
beforeEach(async () => {
  host = await startHost(undefined, 1);
  await host.gitHost.addHook({ url: 'http://127.0.0.1:1/hook', secret: SECRET, events: ['*'] });
  said = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await host.remove();
});

const executionSchema = z.looseObject({ executionArn: z.string().default('') });

/** A machine in which each execution has failed, and says of which delivery it was. @param deliveries the newest first */
const failing =
  (deliveries: () => readonly string[]) => async (_: string, operation: string, input: unknown) => {
    const { executionArn } = executionSchema.parse(input);
    if (operation === 'ListExecutions')
      return { executions: deliveries().map((id) => ({ executionArn: id })) };
    if (operation === 'GetExecutionHistory') return { events: [] };
    const headers = { event: 'push', delivery: executionArn };
    return { status: 'FAILED', error: 'Error', cause: executionArn, input: JSON.stringify({ headers }) };
  };

const show = (ranBefore: boolean, gitUrl = host.url, deliveries: () => readonly string[] = () => []) =>
  showDemo(
    {
      runtime: { call: failing(deliveries) },
      gitHost: host.gitHost,
      secrets: { token: TOKEN, webhookSecret: SECRET },
      ranBefore,
      outputs: { gitUrl, stateMachineArn: 'machine', bucket: 'bucket' },
    },
    host.directory,
    process.stdout,
  );

describe('the demo of hookline up', () => {
  it('is pushed once, however many deliveries have come since', async () => {
    await pushDemo(host.clone('hookline/demo'), join(host.directory, 'demo'));
    await pushDemo(host.clone('acme/app'), join(host.directory, 'demo'));
    const deliveries = () => host.gitHost.deliveries();
    await vi.waitFor(() => expect(deliveries().every(({ status }) => status !== 'pending')).toBe(true));
    await host.gitHost.redeliver(deliveries().at(-1)?.id ?? '');
    expect(deliveries()).toMatchObject([{ repository: 'acme/app' }]);
    await show(false);
    expect(said.join('')).toBe(
      'hookline/demo is here from an earlier start; its deliveries go on where they stopped.\n',
    );
  });

  it('ends nothing when it fails in a folder that has run before', async () => {
    await show(true, 'http://127.0.0.1:1');
    expect(said.join('')).toMatch(/^The demo failed: .*127\.0\.0\.1/);
    await expect(show(false, 'http://127.0.0.1:1')).rejects.toThrow('127.0.0.1');
  });

  it('is followed by its own delivery, and by no other push', async () => {
    const own = () => host.gitHost.deliveries().findLast(({ event }) => event === 'push')?.id ?? '';
    await expect(show(false, host.url, () => ['another', own()])).rejects.toThrow(
      /the demo delivery ended in nothing: Error [0-9a-f-]{36}$/,
    );
  });
});
