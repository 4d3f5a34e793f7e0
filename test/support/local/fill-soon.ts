import { vi } from 'vitest';
import type { FakeCloud } from '../../../local/testing.ts';

/** The disk is full from the end of the next transaction on. */
export function fillSoon({ store, disk }: FakeCloud): void {
  const { transaction } = store;
  vi.spyOn(store, 'transaction').mockImplementationOnce(async (work) => {
    const done = await transaction(work);
    disk.full = true;
    return done;
  });
}
