import { timeOf } from '../definition/comparisons.ts';
import type { State, StateOf } from '../definition/schema.ts';
import type { Json } from '../payload/json.ts';
import { type Data, read } from '../payload/path.ts';
import { resolve } from '../payload/template.ts';
import { StateError } from '../state-error.ts';
import type { Position } from '../tables.ts';
import { type Branch, dataOf } from './branch.ts';
import { choose } from './choose.ts';
import { effectiveInput, filteredOutput, outputOf, parametersOf } from './payload.ts';
import { runMap, runParallel } from './run-parallel.ts';
import { runTask } from './run-task.ts';
import { pauseUntil } from './signals.ts';

/** The result of a state. Without `next`, the line ends. */
export interface Step {
  readonly output: Json;
  readonly next: string | undefined;
}

/** Carries out a state once. */
export async function perform(branch: Branch, position: Position, state: State): Promise<Step> {
  const data = dataOf(branch, position, position.input);
  if (state.Type === 'Fail') throw failOf(state, data);
  const effective = effectiveInput(state, data);
  switch (state.Type) {
    case 'Succeed':
      return { output: filteredOutput(state, effective), next: undefined };
    case 'Choice':
      return { output: filteredOutput(state, effective), next: choose(position.state, state, effective) };
    case 'Wait':
      await waitIn(branch, endOfWait(position, state, effective));
      return { output: filteredOutput(state, effective), next: state.Next };
    default: {
      const result = await resultOf(branch, position, state, effective);
      return { output: outputOf(state, data, result), next: state.Next };
    }
  }
}

const waitIn = ({ run, signal }: Branch, end: number): Promise<void> =>
  run.place.leaveFor(() => pauseUntil(end, signal));

async function resultOf(
  branch: Branch,
  position: Position,
  state: StateOf<'Pass' | 'Task' | 'Parallel' | 'Map'>,
  effective: Data,
): Promise<Json> {
  if (state.Type === 'Map') return runMap(branch, position, state, effective);
  const parameters = parametersOf(state, effective);
  switch (state.Type) {
    case 'Pass':
      return state.Result ?? parameters;
    case 'Task':
      return runTask(branch, position, state, effective, parameters);
    case 'Parallel':
      return runParallel(branch, position, state, parameters);
  }
}

function failOf(state: StateOf<'Fail'>, data: Data): StateError {
  const text = (path: string | undefined, field: string): string | undefined => {
    if (path === undefined) return undefined;
    const value = resolve(path, data, field);
    if (typeof value === 'string') return value;
    throw new StateError(
      'States.Runtime',
      `${field} ${path} must give a string, not ${JSON.stringify(value)}`,
    );
  };
  return new StateError(
    state.Error ?? text(state.ErrorPath, 'ErrorPath'),
    state.Cause ?? text(state.CausePath, 'CausePath'),
  );
}

/** Counted from the state's entry, so that a restart does not begin the wait again. */
function endOfWait({ enteredTime }: Position, state: StateOf<'Wait'>, data: Data): number {
  const { Timestamp, TimestampPath, SecondsPath } = state;
  if (Timestamp !== undefined || TimestampPath !== undefined) {
    const time = timeOf(Timestamp ?? read(TimestampPath ?? '', data, 'TimestampPath'));
    if (time !== undefined) return time;
    throw new StateError('States.Runtime', `TimestampPath ${TimestampPath} must lead to an RFC 3339 time`);
  }
  const seconds = SecondsPath === undefined ? state.Seconds : read(SecondsPath, data, 'SecondsPath');
  const isWhole = typeof seconds === 'number' && Number.isInteger(seconds);
  if (isWhole && seconds >= 0) return enteredTime + seconds * 1000;
  throw new StateError(
    'States.Runtime',
    `the SecondsPath parameter ${isWhole ? 'references a negative value' : 'cannot be parsed as a long value'}: ${SecondsPath} == ${JSON.stringify(seconds)}`,
  );
}
