import { afterAll, beforeAll, expect, it } from 'vitest';
import { printEndedDeliveries } from '../../../cli/up/ended-deliveries.ts';
import { connect } from '../../../operate/connection/connection.ts';
import { type Hookline, startHookline } from '../../support/hookline.ts';

let hookline: Hookline;
beforeAll(async () => {
  hookline = await startHookline();
});
afterAll(() => hookline?.remove());

it('hookline up says a line for each delivery that ends from then on', async () => {
  const { endpoint, ...access } = hookline.access;
  const { stackName, stateMachineArn } = hookline.outputs;
  const before = await hookline.deliver('watch', {
    action: 'started',
    repository: { full_name: 'hookline/demo' },
  });
  await hookline.ended(before.deliveryId);
  await hookline.ended('"event":"ping"');
  const lines: string[] = [];
  const connection = await connect(stackName, { endpoint, ...access });
  const options = { call: hookline.runtime.call, connection: async () => connection, stateMachineArn };
  const following = printEndedDeliveries(options, (line) => lines.push(line)).catch(() => undefined);
  const repository = { full_name: 'acme/app' };
  const headers = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` };
  await hookline.deliver('issues', { action: 'opened', repository: { full_name: 'hookline/demo' } });
  await hookline.deliver('push', { repository }, { headers });
  await expect
    .poll(() => lines.toSorted(), { timeout: 120_000 })
    .toEqual(['default: push Rejected', 'demo: issues hookline/demo Ignored']);
  await hookline.deliver(
    'watch',
    { action: 'started', repository: { full_name: 'hookline/demo' } },
    { deliveryId: before.deliveryId },
  );
  await expect.poll(() => lines.at(-1), { timeout: 120_000 }).toBe('demo: watch Duplicate');
  connection.close();
  void following;
});
