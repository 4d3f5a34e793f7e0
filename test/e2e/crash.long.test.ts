import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { localOutputs } from '../../cli/outputs/local-address.ts';
import { gitHostSecrets } from '../../cli/up/git-host.ts';
import { startHookline } from '../support/hookline.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PINGS = 20;

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'hookline-crash-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

/** A `hookline up` in a process of its own, ready to take deliveries. */
async function startProcess() {
  const child = execa(
    process.execPath,
    ['cli/hookline.mjs', 'up', '--no-demo', '--port', '0', '--data', data],
    { cwd: ROOT, reject: false, buffer: { stdout: false } },
  );
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => line.includes('Hookline runs at') && resolve());
    lines.once('close', () => reject(new Error('hookline up ended before it was ready')));
  });
  // In an object: a child is a promise of its end, which must not be waited for here.
  return { child };
}

async function deliver(webhookUrl: string, id: string): Promise<number> {
  const { webhookSecret } = await gitHostSecrets(join(data, 'git'));
  const body = JSON.stringify({ zen: id, hook_id: 1 });
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'ping',
    'x-github-delivery': id,
    'x-github-enterprise-host': 'localhost',
    'x-hub-signature-256': `sha256=${createHmac('sha256', webhookSecret).update(body).digest('hex')}`,
  };
  const { status } = await fetch(webhookUrl, { method: 'POST', headers, body });
  return status;
}

it('loses no accepted delivery to kill -9: the next start ends each in its outcome', async () => {
  const { child } = await startProcess();
  const { webhookUrl } = await localOutputs(data);
  const ids = Array.from(
    { length: PINGS },
    (_, number) => `crash-delivery-${String(number).padStart(4, '0')}`,
  );
  expect(await Promise.all(ids.map((id) => deliver(webhookUrl, id)))).toEqual(ids.map(() => 202));
  child.kill('SIGKILL');
  await child;

  const hookline = await startHookline(data);
  try {
    for (const id of ids) {
      let ended = await hookline.ended(id);
      // Events come at least once: a duplicate may end while the delivery that it is one of still runs.
      while (!ended.some(({ outcome }) => outcome === 'Pong'))
        ended = await hookline.ended(id, ended.length + 1);
      expect(ended.filter(({ outcome }) => outcome === 'Pong')).toHaveLength(1);
      expect(ended.every(({ outcome }) => outcome === 'Pong' || outcome === 'Duplicate')).toBe(true);
    }
  } finally {
    await hookline.close();
  }
});

it('ends by an interrupt, and gives the folder back', async () => {
  const { child } = await startProcess();
  child.kill('SIGINT');
  const { exitCode } = await child;
  expect(exitCode).toBe(0);
  const again = await startHookline(data);
  await again.close();
});
