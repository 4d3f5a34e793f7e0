import type { StateOf } from '../definition/schema.ts';
import type { Json } from '../payload/json.ts';
import { type Data, read } from '../payload/path.ts';
import { fill } from '../payload/template.ts';
import { StateError } from '../state-error.ts';
import type { Position } from '../tables.ts';
import { type Branch, dataOf, recordEvent, recordSideEvent } from './branch.ts';
import { retryOf } from './handle-error.ts';
import { eventDetails } from './journal.ts';
import { parametersOf } from './payload.ts';
import { SiblingFailed, within } from './signals.ts';

/** The outputs of a Parallel's branches, in their order; the first failure ends the others. */
export async function runParallel(
  branch: Branch,
  position: Position,
  state: StateOf<'Parallel'>,
  parameters: Json,
): Promise<Json> {
  recordEvent(branch, { type: 'ParallelStateStarted' });
  const run = (signal: AbortSignal, fail: Fail) =>
    state.Branches.map((definition) => {
      const line: Branch = { ...branch, signal, top: false };
      return branch.run.runInner(line, definition, parameters).catch((error) => fail(error, line.lastId));
    });
  return orFailed(branch, position, state, async () => {
    const output = await allResults(branch, run);
    branch.lastId = branch.run.journal.last;
    recordEvent(branch, { type: 'ParallelStateSucceeded' });
    return output;
  });
}

/** The outputs of a Map's iterations, in the order of the items. */
export async function runMap(
  branch: Branch,
  position: Position,
  state: StateOf<'Map'>,
  effective: Data,
): Promise<Json> {
  const items = itemsOf(state, effective);
  recordEvent(branch, {
    type: 'MapStateStarted',
    ...eventDetails('mapStateStartedEventDetails', { length: items.length }),
  });
  const started = branch.lastId;
  const next = items.entries();
  const results: Json[] = items.map(() => null);
  const workers = Math.min(state.MaxConcurrency || items.length, items.length);
  const work = async (signal: AbortSignal, fail: Fail): Promise<null> => {
    let lastId = started;
    for (const [index, value] of next) {
      const line: Branch = { ...branch, signal, top: false, item: { index, value }, lastId };
      const iteration = iterate(line, position, state, effective);
      results[index] = await iteration.catch((error) => fail(error, line.lastId));
      lastId = line.lastId;
    }
    return null;
  };
  const run = (signal: AbortSignal, fail: Fail) => Array.from({ length: workers }, () => work(signal, fail));
  return orFailed(branch, position, state, async () => {
    await allResults(branch, run);
    branch.lastId = branch.run.journal.last;
    recordSideEvent(branch, { type: 'MapStateSucceeded' });
    return results;
  });
}

function itemsOf({ ItemsPath = '$' }: StateOf<'Map'>, effective: Data): Json[] {
  const items = read(ItemsPath, effective, 'ItemsPath');
  if (Array.isArray(items)) return items;
  throw new StateError('States.Runtime', `ItemsPath ${ItemsPath} must lead to an array`);
}

async function iterate(
  line: Branch,
  position: Position,
  state: StateOf<'Map'>,
  effective: Data,
): Promise<Json> {
  const { item } = line;
  const processor = state.ItemProcessor ?? state.Iterator;
  if (!item || !processor) throw new Error(`${position.state} is a Map without an item or a processor`);
  const details = () =>
    eventDetails('mapIterationStartedEventDetails', { name: position.state, index: item.index });
  recordEvent(line, { type: 'MapIterationStarted', ...details() });
  try {
    const output = await line.run.runInner(
      line,
      processor,
      itemInput(line, position, state, effective, item.value),
    );
    recordSideEvent(line, {
      type: 'MapIterationSucceeded',
      ...rename(details(), 'mapIterationSucceededEventDetails'),
    });
    return output;
  } catch (error) {
    if (error instanceof StateError && !line.signal.aborted)
      recordSideEvent(line, {
        type: 'MapIterationFailed',
        ...rename(details(), 'mapIterationFailedEventDetails'),
      });
    throw error;
  }
}

function rename<T extends { member: string }>(details: T, member: string): T {
  return { ...details, member };
}

/** ItemSelector's (formerly Parameters') `$` is the Map's input, its `$$.Map.Item` the item. */
function itemInput(
  line: Branch,
  position: Position,
  { ItemSelector, Parameters }: StateOf<'Map'>,
  effective: Data,
  value: Json,
): Json {
  const data = dataOf(line, position, effective.input);
  if (ItemSelector !== undefined) return fill(ItemSelector, data);
  return Parameters === undefined ? value : parametersOf({ Parameters }, data);
}

/** Ends the other lines. @param lastId the newest event of the line that failed */
type Fail = (error: unknown, lastId: number) => never;

/**
 * All the results, in order; the first failure aborts the other lines and is thrown once they have ended, and the
 * branch goes on behind the line that failed.
 */
function allResults(
  branch: Branch,
  run: (signal: AbortSignal, fail: Fail) => Promise<Json>[],
): Promise<Json[]> {
  return within(branch.signal, async (controller) => {
    const failures: { readonly error: unknown; readonly lastId: number }[] = [];
    const fail: Fail = (error, lastId) => {
      failures.push({ error, lastId });
      controller.abort(new SiblingFailed());
      throw error;
    };
    const lines = run(controller.signal, fail);
    await Promise.allSettled(lines);
    const [first] = failures;
    if (!first) return Promise.all(lines);
    branch.lastId = first.lastId;
    throw first.error;
  });
}

/** A Parallel or a Map that is tried again has not failed. */
async function orFailed(
  branch: Branch,
  { attempts }: Position,
  { Type, Retry }: StateOf<'Parallel' | 'Map'>,
  work: () => Promise<Json>,
): Promise<Json> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StateError && !branch.signal.aborted && !retryOf(Retry, error, attempts))
      recordEvent(branch, { type: `${Type}StateFailed` });
    throw error;
  }
}
