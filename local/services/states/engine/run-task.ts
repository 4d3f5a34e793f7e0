import type { Principal } from '../../../core/cloud.ts';
import type { StateOf } from '../definition/schema.ts';
import type { Json, JsonObject } from '../payload/json.ts';
import { type Data, read } from '../payload/path.ts';
import { machineRole } from '../provision.ts';
import { ResultTooLarge, StateError } from '../state-error.ts';
import type { Position } from '../tables.ts';
import type { Task } from '../task/task.ts';
import { type Branch, recordEvent, recordPosition } from './branch.ts';
import { eventDetails, inputDetails, outputDetails } from './journal.ts';
import { limitedText } from './payload.ts';
import { unlessAborted, withTimeout } from './signals.ts';

/**
 * Runs a Task's work once, with its events.
 * @param data the effective input
 * @throws StateError
 */
export async function runTask(
  branch: Branch,
  position: Position,
  state: StateOf<'Task'>,
  data: Data,
  parameters: Json,
): Promise<Json> {
  const task = branch.run.taskOf(state.Resource);
  const seconds = timeoutOf(state, data);
  const given = limitedText(parameters, position.state, 'input');
  scheduled(branch, task, state, given, seconds);
  await branch.run.journal.flushed();
  const leave = await task.turn?.({ cloud: branch.run.cloud, parameters, signal: branch.signal });
  try {
    const deadline = seconds && Date.now() + seconds * 1000;
    const result = await withTimeout(branch.signal, deadline, timedOut, (signal) =>
      unlessAborted(carryOut(branch, position, task, parameters, signal), signal),
    );
    const output = sizedResult(result, position.state);
    recordEvent(branch, {
      type: `${task.events}Succeeded`,
      ...ended(task, 'Succeeded', { output, outputDetails }),
    });
    return result;
  } catch (error) {
    if (error instanceof StateError && !branch.signal.aborted) failed(branch, task, error);
    throw error;
  } finally {
    leave?.();
  }
}

/** @throws ResultTooLarge */
function sizedResult(result: Json, name: string): string {
  try {
    return limitedText(result, name);
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    throw new ResultTooLarge(error.error, error.reason, { cause: error });
  }
}

function timeoutOf({ TimeoutSeconds, TimeoutSecondsPath }: StateOf<'Task'>, data: Data): number | undefined {
  if (TimeoutSecondsPath === undefined) return TimeoutSeconds;
  const seconds = read(TimeoutSecondsPath, data, 'TimeoutSecondsPath');
  if (typeof seconds === 'number' && seconds > 0) return seconds;
  throw new StateError('States.Runtime', `TimeoutSecondsPath must lead to a positive number, not ${seconds}`);
}

const timedOut = (): StateError => new StateError('States.Timeout', undefined);

function carryOut(
  branch: Branch,
  position: Position,
  task: Task,
  parameters: Json,
  signal: AbortSignal,
): Promise<Json> {
  const { cloud, journal } = branch.run;
  const submit = async (answer: Json): Promise<void> => {
    // Of a state that was left meanwhile, nothing more may be recorded.
    signal.throwIfAborted();
    recordEvent(branch, {
      type: 'TaskSubmitted',
      ...ended(task, 'Submitted', { output: JSON.stringify(answer), outputDetails }),
    });
    recordPosition(branch, { ...position, submitted: answer });
    await journal.flushed();
  };
  const { submitted } = position;
  const principal = roleOf(branch);
  const work = (): Promise<Json> => task.run({ cloud, principal, parameters, signal, submitted, submit });
  return task.isJob ? branch.run.place.leaveFor(work) : work();
}

function roleOf({ run: { cloud, execution } }: Branch): Principal {
  try {
    return machineRole(cloud, execution);
  } catch (error) {
    throw new StateError('States.Runtime', error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

function scheduled(
  branch: Branch,
  task: Task,
  state: StateOf<'Task'>,
  text: string,
  seconds: number | undefined,
): void {
  const timeout = seconds === undefined ? {} : { timeoutInSeconds: seconds };
  if (task.events === 'LambdaFunction') {
    const details = { resource: state.Resource, input: text, inputDetails, ...timeout };
    recordEvent(branch, {
      type: 'LambdaFunctionScheduled',
      ...eventDetails('lambdaFunctionScheduledEventDetails', details),
    });
    recordEvent(branch, { type: 'LambdaFunctionStarted' });
    return;
  }
  const { region } = branch.run.cloud;
  recordEvent(branch, {
    type: 'TaskScheduled',
    ...ended(task, 'Scheduled', { region, parameters: text, ...timeout }),
  });
  recordEvent(branch, { type: 'TaskStarted', ...ended(task, 'Started', {}) });
}

function failed(branch: Branch, task: Task, { error, reason }: StateError): void {
  const what = error === 'States.Timeout' ? 'TimedOut' : 'Failed';
  const details = { ...(error !== undefined && { error }), ...(reason !== undefined && { cause: reason }) };
  recordEvent(branch, { type: `${task.events}${what}`, ...ended(task, what, details) });
}

/** The details of a task's event, under the member that the API has for it. */
function ended(task: Task, what: string, details: JsonObject): { member: string; details: JsonObject } {
  if (task.events === 'LambdaFunction') return eventDetails(`lambdaFunction${what}EventDetails`, details);
  const { resourceType, resource } = task;
  return eventDetails(`task${what}EventDetails`, { resourceType, resource, ...details });
}
