import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { accessOf, localOutputs, readAddress } from '../../cli/outputs/local-address.ts';
import { gitHostSecrets } from '../../cli/up/git-host.ts';
import { temporaryFolder } from '../../local/testing.ts';
import { connect } from '../../operate/connection/connection.ts';
import { deliveryPages } from '../../operate/deliveries/list.ts';
import { deliver } from '../support/deliver.ts';
import { ASSEMBLY } from '../support/hookline.ts';

const RUNTIME = fileURLToPath(new URL('../support/chaos/runtime.ts', import.meta.url));
// A loaded machine takes its time.
const PATIENCE = { timeout: 300_000, interval: 200 };

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const ids = (name: string, count: number) =>
  Array.from({ length: count }, (_, number) => `full-disk-${name}-${number}`);

// A limit to the size of a file, which a process may raise again, stands for a disk.
it.runIf(process.platform === 'linux')(
  'a disk that was full and has room again: each delivery that was answered by 202 ends once, without a restart (I1)',
  async () => {
    const data = folder.path;
    const runtime = execa(process.execPath, ['--import', 'tsx', RUNTIME, data, ASSEMBLY, '0'], {
      reject: false,
    });
    const limit = (bytes: number | string) =>
      execaSync('prlimit', ['--pid', String(runtime.pid), `--fsize=${bytes}:unlimited`]);
    try {
      const outputs = await vi.waitFor(() => localOutputs(data), PATIENCE);
      const secrets = await gitHostSecrets(join(data, 'git'));
      const post = async (deliveryId: string): Promise<number> => {
        const payload = { zen: deliveryId, hook_id: 1, padding: 'x'.repeat(8000) };
        return (await deliver({ outputs, secrets }, 'ping', payload, { deliveryId })).status;
      };
      const statuses = new Map<string, number>();
      const send = async (all: readonly string[]): Promise<void> => {
        for (const id of all) statuses.set(id, await post(id));
      };
      await vi.waitFor(async () => expect(await post('full-disk-first')).toBe(202), PATIENCE);
      await send(ids('before', 3));
      const sending = send(ids('meanwhile', 7));
      limit((await stat(join(data, 'state.lmdb'))).size);
      await sending;
      // Until one is refused: pages that are free take the first.
      while (![...statuses.values()].includes(502)) await send(ids(`during-${statuses.size}`, 5));
      limit('unlimited');
      const accepted = [...statuses].flatMap(([id, status]) => (status === 202 ? [id] : []));
      expect(new Set(statuses.values())).toEqual(new Set([202, 502]));
      const address = await readAddress(data);
      const connection = await connect(address.stackName, accessOf(address));
      const outcomes = async () => {
        const found = new Map<string, string[]>();
        for await (const page of deliveryPages(connection, {}))
          for (const { deliveryId, outcome } of page)
            found.set(deliveryId, [...(found.get(deliveryId) ?? []), outcome]);
        return accepted.map((id) => found.get(id)?.join());
      };
      await vi.waitFor(async () => expect(await outcomes()).toEqual(accepted.map(() => 'Pong')), PATIENCE);
      connection.close();
    } finally {
      runtime.kill('SIGKILL');
      await runtime;
    }
  },
  600_000,
);
