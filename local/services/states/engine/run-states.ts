import { StateNotWritten } from '../../../core/not-written.ts';
import type { Definition, State } from '../definition/schema.ts';
import type { Json } from '../payload/json.ts';
import { StateError } from '../state-error.ts';
import type { Position } from '../tables.ts';
import { type Branch, dataOf, recordEvent, recordPosition } from './branch.ts';
import { catcherOf, errorOutput, retryOf, withAttempt } from './handle-error.ts';
import { eventDetails, HistoryFull, inputDetails, outputDetails } from './journal.ts';
import { limitedText, withResult } from './payload.ts';
import { perform, type Step } from './perform.ts';
import { Halt, pauseUntil, SiblingFailed } from './signals.ts';

/**
 * Runs states from this position, which is entered already, to the end of the line.
 * @returns the last state's output
 * @throws StateError, or the reason of the branch's signal
 */
export async function runStates(branch: Branch, definition: Definition, start: Position): Promise<Json> {
  let position = start;
  for (;;) {
    await branch.run.journal.keepPace();
    const { output, next, text } = await runState(branch, position, stateOf(definition, position.state));
    recordEvent(branch, exited(definition, position.state, text));
    if (next === undefined) return output;
    position = enter(branch, definition, next, output, text);
  }
}

/** Runs the states inside a state, from their first. */
export function runInner(branch: Branch, definition: Definition, input: Json): Promise<Json> {
  return runStates(branch, definition, enter(branch, definition, definition.StartAt, input));
}

/** Enters a state: from here on a restart goes on with it. */
export function enter(
  branch: Branch,
  definition: Definition,
  name: string,
  input: Json,
  text = JSON.stringify(input),
): Position {
  const { Type } = stateOf(definition, name);
  const details = { name, input: text, inputDetails };
  const enteredId = recordEvent(branch, {
    type: `${Type}StateEntered`,
    ...eventDetails('stateEnteredEventDetails', details),
  });
  const position = { state: name, input, enteredId, enteredTime: Date.now(), attempts: [] };
  return recordPosition(branch, position, text);
}

function exited(definition: Definition, name: string, output: string) {
  const { Type } = stateOf(definition, name);
  return {
    type: `${Type}StateExited`,
    ...eventDetails('stateExitedEventDetails', { name, output, outputDetails }),
  };
}

function stateOf({ States }: Definition, name: string): State {
  const state = States[name];
  if (!state) throw new Error(`the definition has no state ${name}`);
  return state;
}

/** A step with its output as JSON. */
interface Told extends Step {
  readonly text: string;
}

/** One state with its retries and its catchers. */
async function runState(branch: Branch, entered: Position, state: State): Promise<Told> {
  let position = entered;
  for (;;) {
    try {
      branch.signal.throwIfAborted();
      return told(await perform(branch, position, state), position);
    } catch (error) {
      if (branch.signal.aborted) throw aborted(branch, state);
      // No failure of the state: the execution goes on from here once there is room.
      if (error instanceof StateNotWritten) throw error;
      const failure = asStateError(error, position);
      const retried = await retry(branch, position, state, failure);
      if (!retried) return told(stepAfterCatch(branch, position, state, failure), position);
      position = retried;
    }
  }
}

/** @throws StateError States.DataLimitExceeded */
const told = (step: Step, { state }: Position): Told => ({ ...step, text: limitedText(step.output, state) });

function aborted(branch: Branch, { Type }: State): unknown {
  const { reason } = branch.signal;
  const hasEvent = ['Task', 'Wait', 'Parallel', 'Map'].includes(Type);
  if (hasEvent && !(reason instanceof Halt) && !(reason instanceof SiblingFailed))
    recordEvent(branch, { type: `${Type}StateAborted` });
  return reason;
}

/** An error of this runtime's own must not look like the machine's: it fails the execution, said aloud. */
function asStateError(error: unknown, { state, enteredId }: Position): StateError {
  if (!(error instanceof StateError)) {
    return new StateError('States.Runtime', `the local runtime failed in ${state}: ${String(error)}`, {
      cause: error,
    });
  }
  if (error.error !== 'States.Runtime' || error instanceof HistoryFull) return error;
  const where = `an error occurred while executing the state '${state}' (entered at the event id #${enteredId})`;
  return new StateError(error.error, `${where}: ${error.reason}`, { cause: error });
}

async function retry(
  branch: Branch,
  position: Position,
  state: State,
  failure: StateError,
): Promise<Position | undefined> {
  const next = 'Retry' in state ? retryOf(state.Retry, failure, position.attempts) : undefined;
  if (!next) return undefined;
  // Without the job that failed: the next attempt starts its own.
  const { submitted: _, ...rest } = position;
  const moved = recordPosition(branch, { ...rest, attempts: withAttempt(position.attempts, next.index) });
  const pause = (): Promise<void> => pauseUntil(Date.now() + next.delay, branch.signal);
  await branch.run.place.leaveFor(pause).catch(() => undefined);
  return moved;
}

function stepAfterCatch(branch: Branch, position: Position, state: State, failure: StateError): Step {
  const catcher = 'Catch' in state ? catcherOf(state.Catch, failure) : undefined;
  if (!catcher) throw failure;
  const { input } = dataOf(branch, position, position.input);
  return { output: withResult(input, catcher.ResultPath, errorOutput(failure)), next: catcher.Next };
}
