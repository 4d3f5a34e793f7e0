import * as z from 'zod';
import type { State } from '../../statemachine/payloads.ts';
import { isClosedSince } from './closed.ts';
import { endsSchema, readEnds, recordEnd } from './end-records.ts';
import { change, readRecord } from './ref-record.ts';

/** How many closed requests of a ref are remembered. Each takes some 1 KB, and DynamoDB takes 400 KB an item. */
const REMEMBERED = 50;

/** How many are forgotten at once: DynamoDB takes 4 KB of an expression. */
const FORGOTTEN = 50;

const closedSchema = endsSchema.extend({
  /** by pipeline: when the newest commit was told of that it was started on */
  started: z.record(z.string(), z.object({ time: z.string().default('') })).default({}),
});

/** Records when a request was closed: what is told of it before, and comes late, starts nothing any more. */
export async function recordClosed(
  id: string,
  owner: string,
  name: string,
  { time }: Pick<State, 'time'>,
): Promise<void> {
  const { closed } = await readEnds(id);
  if ((closed[name] ?? '') >= time) return;
  await recordEnd(id, owner, 'closed', name, time);
  if (Object.keys(closed).length >= REMEMBERED) await forgetOldest(id, owner);
}

/**
 * Forgets the requests that were closed first: a long-lived branch may have any number of them. Publish takes nothing that is
 * told of a ref before its last close, so that nothing of them is started again.
 */
async function forgetOldest(id: string, owner: string): Promise<void> {
  const { ends, closed, started } = await readRecord(id, closedSchema);
  const isOver = (name: string): boolean => {
    const { executionId = 'none', until = 0, failed = false } = ends[name] ?? {};
    return executionId !== '' && until === 0 && !failed;
  };
  const over = Object.entries(closed)
    .filter(([name, time]) => isOver(name) && isClosedSince(time, started[name]?.time ?? ''))
    .sort(([, one], [, other]) => Date.parse(other) - Date.parse(one));
  const names = over
    .slice(REMEMBERED)
    .map(([name]) => name)
    .slice(-FORGOTTEN);
  if (names.length > 0) await forget(id, owner, names, { ends, closed, started });
}

async function forget(
  id: string,
  owner: string,
  names: readonly string[],
  members: Record<string, Record<string, unknown>>,
): Promise<void> {
  const found = Object.entries(members).flatMap(([member, entries]) =>
    names.flatMap((name, at) => (Object.hasOwn(entries, name) ? { member, at } : [])),
  );
  await change(id, {
    UpdateExpression: `REMOVE ${found.map(({ member, at }) => `#${member}.#n${at}`).join(', ')}`,
    ConditionExpression: '#lock.#owner = :owner',
    ExpressionAttributeNames: {
      ...{ '#lock': 'lock', '#owner': 'owner' },
      ...Object.fromEntries(found.map(({ member }) => [`#${member}`, member])),
      ...Object.fromEntries(names.map((name, at) => [`#n${at}`, name])),
    },
    ExpressionAttributeValues: { ':owner': owner },
  });
}
