import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import type { PackedText } from '../../core/packed-text.ts';
import type { Collection, Store } from '../../core/store.ts';
import type { Json, JsonObject } from './payload/json.ts';

export interface Machine {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly type: 'STANDARD';
  /** the key of its definition's text */
  readonly definitionId: string;
  /** milliseconds since 1970, as every time of this service */
  readonly creationDate: number;
  readonly updateDate: number;
}

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** A text of an execution: a short one itself, of a long one the name under which the execution has it once. */
export type Kept = string | { readonly text: string };

export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly roleArn: string;
  /** the definition at the start, which a redrive keeps */
  readonly definitionId: string;
  readonly updateDate: number;
  readonly status: Status;
  readonly startDate: number;
  readonly stopDate?: number;
  readonly input: Kept;
  readonly output?: Kept;
  readonly error?: string;
  readonly cause?: string;
  readonly redriveCount: number;
  readonly redriveDate?: number;
  readonly redriveToken?: string;
}

/** The position of an execution: its state, with the values that a new run of the state needs. */
export interface Position {
  readonly state: string;
  readonly input: Json;
  /** the event of its entry, 0 for a first state that is not entered yet */
  readonly enteredId: number;
  readonly enteredTime: number;
  /** how often each of the state's retriers was used */
  readonly attempts: readonly number[];
  /** the answer of the job that a `.sync` task waits for */
  readonly submitted?: Json;
}

/** One event of a history; `details` stands under the member that the API has for the type. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: number;
  readonly type: string;
  readonly member?: string;
  readonly details?: JsonObject;
}

/** A position as the store has it, with the text of its input. */
export interface KeptPosition extends Omit<Position, 'input'> {
  readonly text: Kept;
}

/** An event of a history as the store has it: `texts` has the long texts of its details, by their members. */
export interface KeptEvent extends HistoryEvent {
  readonly texts?: Readonly<Record<string, Kept>>;
}

/** The events that were written together. An earlier version has written each alone. */
export type HistoryRow = KeptEvent | readonly KeptEvent[];

export const eventsIn = (row: HistoryRow): readonly KeptEvent[] => ('id' in row ? [row] : row);

export interface Tables {
  readonly store: Store;
  /** by ARN; also machines that the template no longer has */
  readonly machines: Collection<Machine>;
  /** the template's machines, by ARN */
  readonly live: Map<string, Machine>;
  /** the text of definitions, by their hash */
  readonly definitions: Collection<string>;
  /** by ARN */
  readonly executions: Collection<Execution>;
  /** [machine ARN, start, name] to execution ARN */
  readonly byMachine: Collection<string>;
  /** [machine ARN, start, name] to execution ARN, of those that have ended without success */
  readonly unsuccessful: Collection<string>;
  /** the positions of running executions, by ARN */
  readonly positions: Collection<KeptPosition | Position>;
  /** the positions at which unsuccessful executions stopped, by ARN */
  readonly stopped: Collection<KeptPosition | Position>;
  /** [execution ARN, id of the first event] */
  readonly history: Collection<HistoryRow>;
  /** [execution ARN, name]: its long texts, which its other rows name */
  readonly texts: Collection<PackedText>;
  /** the history and the texts of an execution that has succeeded, as one text, by its ARN */
  readonly folded: Collection<PackedText>;
  /** executions whose end is not yet an event on the bus, by ARN */
  readonly untold: Collection<true>;
}

export function tablesOf({ store }: Cloud): Tables {
  return {
    store,
    machines: store.collection('states/machines'),
    live: new Map(),
    definitions: store.collection('states/definitions'),
    executions: store.collection('states/executions'),
    byMachine: store.collection('states/executions-by-machine'),
    unsuccessful: store.collection('states/unsuccessful-by-machine'),
    positions: store.collection('states/positions'),
    stopped: store.collection('states/stopped'),
    history: store.collection('states/history'),
    texts: store.collection('states/texts'),
    folded: store.collection('states/folded'),
    untold: store.collection('states/untold'),
  };
}

/** The key of an execution among those of its machine. */
export const placeOf = ({
  machineArn,
  startDate,
  name,
}: Pick<Execution, 'machineArn' | 'startDate' | 'name'>): (string | number)[] => [
  machineArn,
  startDate,
  name,
];

/** @throws AwsError StateMachineDoesNotExist, InvalidArn */
export function machineOf(tables: Tables, arn: string): Machine {
  const machine = tables.live.get(arn);
  if (machine) return machine;
  checkArn(arn);
  throw new AwsError('StateMachineDoesNotExist', `state machine does not exist: '${arn}'`);
}

/** @throws AwsError ExecutionDoesNotExist, InvalidArn */
export function executionOf(tables: Tables, arn: string): Execution {
  const execution = tables.executions.get(arn);
  if (execution) return execution;
  checkArn(arn);
  throw new AwsError('ExecutionDoesNotExist', `execution does not exist: '${arn}'`);
}

function checkArn(arn: string): void {
  if (!/^arn:[^:]+:states:[^:]+:\d{12}:[^:]+:.+$/s.test(arn))
    throw new AwsError('InvalidArn', `invalid arn: '${arn}' is not one of Step Functions`);
}

/** The text of the definition that a machine or an execution has. */
export function definitionText(tables: Tables, { definitionId }: { definitionId: string }): string {
  const text = tables.definitions.get(definitionId);
  if (text === undefined) throw new Error(`the store has no definition ${definitionId}`);
  return text;
}
