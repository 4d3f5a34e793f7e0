import type { Cloud } from '../../../core/cloud.ts';
import type { Definition } from '../definition/schema.ts';
import type { Json, JsonObject } from '../payload/json.ts';
import type { Data } from '../payload/path.ts';
import type { Execution, HistoryEvent, Position } from '../tables.ts';
import type { TaskOf } from '../task/task.ts';
import type { Journal } from './journal.ts';
import type { Place } from './places.ts';

/** One execution while it runs. */
interface Run {
  readonly cloud: Cloud;
  readonly execution: Execution;
  readonly input: Json;
  readonly journal: Journal;
  readonly taskOf: TaskOf;
  readonly place: Place;
  /** runs the states inside a Parallel or a Map; given here, because those are run by the same loop */
  readonly runInner: (branch: Branch, definition: Definition, input: Json) => Promise<Json>;
}

/** One line of states: the execution's own, a Parallel's branch or a Map's iteration. */
export interface Branch {
  readonly run: Run;
  readonly signal: AbortSignal;
  /** the item of a Map's iteration */
  readonly item?: { readonly index: number; readonly value: Json };
  /** whether this is the execution's own line: a restart and a redrive go on from its position */
  readonly top: boolean;
  /** the id of this line's newest event */
  lastId: number;
}

/** Adds an event to the line. */
export function recordEvent(
  branch: Branch,
  event: Pick<HistoryEvent, 'type' | 'member' | 'details'>,
): number {
  branch.lastId = branch.run.journal.add({ ...event, previousEventId: branch.lastId });
  return branch.lastId;
}

/** Adds an event that the line does not go on behind. */
export function recordSideEvent(branch: Branch, event: Parameters<typeof recordEvent>[1]): void {
  branch.run.journal.add({ ...event, previousEventId: branch.lastId });
}

/** Records the line's position, if the line is the execution's own. @param text its input as JSON, where it is there */
export function recordPosition(branch: Branch, position: Position, text?: string): Position {
  if (branch.top) branch.run.journal.move(position, text);
  return position;
}

/** The data that a state's paths read: `$` is its input, `$$` the context object. */
export function dataOf(branch: Branch, position: Position, input: Json): Data {
  return { input, context: contextOf(branch, position) };
}

function contextOf({ run, item }: Branch, { state, enteredTime, attempts }: Position): Json {
  const { execution } = run;
  const { redriveDate } = execution;
  const context: JsonObject = {
    Execution: {
      Id: execution.arn,
      Input: run.input,
      Name: execution.name,
      RoleArn: execution.roleArn,
      StartTime: new Date(execution.startDate).toISOString(),
      RedriveCount: execution.redriveCount,
      ...(redriveDate !== undefined && { RedriveTime: new Date(redriveDate).toISOString() }),
    },
    State: {
      EnteredTime: new Date(enteredTime).toISOString(),
      Name: state,
      RetryCount: attempts.reduce((sum, count) => sum + count, 0),
    },
    StateMachine: { Id: execution.machineArn, Name: execution.machineName },
  };
  return item ? { ...context, Map: { Item: { Index: item.index, Value: item.value } } } : context;
}
