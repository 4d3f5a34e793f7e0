import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { accessOf, readAddress } from '../../cli/outputs/local-address.ts';
import { connect } from '../../operate/connection/connection.ts';
import { deliveryPages } from '../../operate/deliveries/list.ts';
import { PENDING } from '../../statemachine/outcomes.ts';

/** What a Hookline has on record. */
export interface Recorded {
  readonly totals: { readonly lost: number; readonly outcomes: Readonly<Record<string, number>> };
  /** the outcome of each commit that was pushed */
  readonly pushed: ReadonlyMap<string, string>;
}

/** Reads every delivery of the record. @param accepted ids of deliveries, each of which has to be there with an outcome */
export async function recorded(data: string, accepted: readonly string[]): Promise<Recorded> {
  const { stackName, ...address } = await readAddress(data);
  const connection = await connect(stackName, accessOf(address));
  const open = new Set(accepted);
  const outcomes: Record<string, number> = {};
  const pushed = new Map<string, string>();
  for await (const rows of deliveryPages(connection, {})) {
    for (const { deliveryId, outcome, event, commit } of rows) {
      if (outcome === '' || outcome === PENDING) continue;
      open.delete(deliveryId);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (event === 'push' && commit) pushed.set(commit, outcome);
    }
  }
  return { totals: { lost: open.size, outcomes }, pushed };
}

/** The bytes that a folder and everything below it have on the disk. */
export async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    // A file may be gone by now.
    files.map(({ parentPath, name }) => stat(join(parentPath, name)).catch(() => undefined)),
  );
  return sizes.reduce((sum, found) => sum + (found?.blocks ?? 0) * 512, 0);
}
