import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createDeliveries, type DeliveryRecord, PENDING } from '../../githost/webhook/deliveries.ts';
import { temporaryFolder } from '../../local/testing.ts';

/** The writes that wait, by the delivery's number. */
const held = vi.hoisted(() => new Map<number, Promise<void>>());
vi.mock('../../githost/files.ts', async (original) => {
  const files = await original<typeof import('../../githost/files.ts')>();
  const writeJson = async (path: string, value: { id: number }) => {
    await held.get(value.id);
    await files.writeJson(path, value);
  };
  return { ...files, writeJson };
});

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  held.clear();
  folder.remove();
});

const made = (guid: string): Omit<DeliveryRecord, 'id'> => ({
  ...{ guid, hookId: 1, event: 'push', repository: 'acme/app', redelivery: false },
  ...{ deliveredAt: '2026-01-01T00:00:00.000Z', duration: 0, status: PENDING, statusCode: 0 },
  ...{ url: 'http://host', request: { headers: {}, body: '' }, response: { headers: {}, body: '' } },
});

function hold(id: number): () => void {
  let letGo: () => void = () => undefined;
  held.set(
    id,
    new Promise((resolve) => {
      letGo = resolve;
    }),
  );
  return () => letGo();
}

it('an answer is noted of its own delivery when an earlier one comes into the list meanwhile', async () => {
  const deliveries = createDeliveries(folder.path, 100);
  const [letFirst, first] = [hold(1), deliveries.add(made('first'))];
  const second = await deliveries.add(made('second'));
  const letSecond = hold(second.id);
  const updated = deliveries.update({ ...second, status: 'OK', statusCode: 202 });
  letFirst();
  await first;
  letSecond();
  await updated;
  expect(deliveries.all().map(({ guid, status }) => [guid, status])).toEqual([
    ['first', PENDING],
    ['second', 'OK'],
  ]);
});

it('those that come at once stay when they take the place of several', async () => {
  const deliveries = createDeliveries(folder.path, 1);
  const old = await Promise.all(Array.from({ length: 50 }, () => deliveries.add(made('old'))));
  for (const each of old) await deliveries.update({ ...each, status: 'OK', statusCode: 202 });
  await Promise.all(['new', 'newer'].map((guid) => deliveries.add(made(guid))));
  expect(deliveries.all().map(({ guid }) => guid)).toEqual(['new', 'newer']);
});
