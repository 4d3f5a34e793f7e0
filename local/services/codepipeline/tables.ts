import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import type { Collection } from '../../core/store.ts';
import { type Execution, hasEnded, type Status } from './execution.ts';
import type { Pipeline } from './pipeline.ts';

/** One definition that a pipeline has had. Times in epoch seconds. */
export interface Version {
  readonly number: number;
  readonly pipeline: Pipeline;
  readonly created: number;
  readonly updated: number;
}

/** A change of an execution's status that the default bus is not told of yet. */
export interface Untold {
  /** the execution's */
  readonly id: string;
  readonly status: Status;
  /** ms since 1970 */
  readonly time: number;
}

/** A pipeline that a call has made, and no template. */
export interface Made {
  /** the number of its newest version */
  readonly version: number;
}

/** The executions on disk, the pipelines of the present template, and those that calls have made. */
export interface Tables {
  readonly store: Cloud['store'];
  /** by name: its newest version */
  readonly live: Map<string, Version>;
  /** by name */
  readonly made: Collection<Made>;
  /** by the name of the pipeline */
  readonly tags: Collection<Readonly<Record<string, string>>>;
  /** [pipeline, number] */
  readonly versions: Collection<Version>;
  /** by id */
  readonly executions: Collection<Execution>;
  /** [pipeline, number] to id */
  readonly order: Collection<string>;
  /** [pipeline, number] to id, of executions that have not ended */
  readonly open: Collection<string>;
  /** [pipeline, client's token] */
  readonly tokens: Collection<{ readonly id: string; readonly request: string }>;
  /** [pipeline, number, place among the changes of the execution] */
  readonly untold: Collection<Untold>;
}

export function tablesOf({ store }: Cloud): Tables {
  const made = store.collection<Made>('codepipeline/made');
  const versions = store.collection<Version>('codepipeline/versions');
  const live = new Map<string, Version>();
  for (const { key, value } of made.entries()) {
    const version = versions.get([String(key), value.version]);
    if (version) live.set(String(key), version);
  }
  return {
    store,
    live,
    made,
    tags: store.collection('codepipeline/tags'),
    versions,
    executions: store.collection('codepipeline/executions'),
    order: store.collection('codepipeline/order'),
    open: store.collection('codepipeline/open'),
    tokens: store.collection('codepipeline/tokens'),
    untold: store.collection('codepipeline/untold'),
  };
}

/** @throws PipelineNotFoundException */
export function liveVersion({ live }: Tables, name: string): Version {
  const version = live.get(name);
  if (version) return version;
  throw new AwsError('PipelineNotFoundException', `there is no pipeline ${name} in account and region`);
}

/** A pipeline as it was at a version. @throws PipelineVersionNotFoundException */
export function storedVersion({ versions }: Tables, name: string, number: number): Version {
  const version = versions.get([name, number]);
  if (version) return version;
  throw new AwsError('PipelineVersionNotFoundException', `the pipeline ${name} has no version ${number}`);
}

/** @throws PipelineNotFoundException, PipelineExecutionNotFoundException */
export function storedExecution(tables: Tables, pipeline: string, id: string): Execution {
  liveVersion(tables, pipeline);
  const execution = tables.executions.get(id);
  if (execution?.pipeline === pipeline) return execution;
  throw new AwsError('PipelineExecutionNotFoundException', `the pipeline ${pipeline} has no execution ${id}`);
}

/** The executions that have not ended, the oldest first. */
export function unendedExecutions({ open, executions }: Tables, pipeline: string): Execution[] {
  return [...open.under([pipeline])].flatMap(({ value: id }) => executions.get(id) ?? []);
}

/**
 * Every execution of a pipeline, the newest first; read as it is asked for.
 * @param below only those with a lower number
 */
export function* newestFirst(
  { order, executions }: Tables,
  pipeline: string,
  below?: number,
): Generator<Execution> {
  const after = below === undefined ? undefined : [below];
  for (const { value: id } of order.under([pipeline], { reverse: true, after })) {
    const execution = executions.get(id);
    if (execution) yield execution;
  }
}

/** Writes an execution. Must run inside a transaction, as it writes to several tables. */
export function write({ executions, open }: Tables, execution: Execution): void {
  void executions.put(execution.id, execution);
  if (hasEnded(execution)) void open.remove([execution.pipeline, execution.number]);
  else void open.put([execution.pipeline, execution.number], execution.id);
}
