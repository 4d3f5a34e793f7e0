import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Cloud } from '../../core/cloud.ts';
import { StateNotWritten } from '../../core/not-written.ts';
import { AGAIN_MS } from '../../core/until-written.ts';
import { type Execution, hasEnded, seconds } from './execution.ts';
import { idSchema, nameSchema } from './input.ts';
import { Runner } from './runner.ts';
import { startByItself, startExecution } from './start.ts';
import type { StartInput } from './start-input.ts';
import { noteChange, StateChangeEvents } from './state-change-event.ts';
import {
  storedExecution,
  storedVersion,
  type Tables,
  unendedExecutions,
  type Version,
  write,
} from './tables.ts';

export const stopSchema = z.strictObject({
  pipelineName: nameSchema,
  pipelineExecutionId: idSchema,
  abandon: z.boolean().default(false),
  reason: z.string().max(200).default(''),
});
type Stop = z.infer<typeof stopSchema>;

/** The executions at work. Which executions have their turn is on disk; an execution that ends gives its turn to the next. */
export class Executions {
  private readonly running = new Map<string, { runner: Runner; over: Promise<void> }>();
  /** executions that were stopped while they waited, until that is on disk */
  private readonly leaving = new Set<string>();
  private readonly events: StateChangeEvents;
  private closed = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly tables: Tables,
  ) {
    this.events = new StateChangeEvents(cloud, tables);
  }

  /** @returns the id of the execution */
  async start(input: StartInput, call: Call): Promise<string> {
    const { id, pipeline } = await startExecution(this.tables, input, call);
    this.begin(pipeline);
    return id;
  }

  /** Writes down the execution by which a new pipeline starts itself. Must run inside a transaction. */
  startCreated(version: Version, { principal }: Call): void {
    startByItself(this.tables, version, principal.arn);
  }

  /** Runs what has its turn of a pipeline. */
  begin(pipeline: string): void {
    this.runBegun(pipeline);
    void this.events.publish();
  }

  /** Ends every execution of a pipeline that is to be deleted, and tells of it. */
  async abandonAll(pipelineName: string): Promise<void> {
    for (const { id, stop } of unendedExecutions(this.tables, pipelineName).reverse()) {
      const runner = this.running.get(id);
      const request = {
        pipelineName,
        pipelineExecutionId: id,
        abandon: true,
        reason: 'the pipeline is deleted',
      };
      // One that has ended meanwhile, or is being abandoned, needs no other word.
      if (!stop?.abandon) await this.stop(request).catch(() => undefined);
      await runner?.over;
    }
    await this.events.publish();
  }

  /**
   * Stops an execution: without `abandon` once the actions at work have ended, with it they are ended first.
   * @throws PipelineExecutionNotStoppableException, DuplicatedStopRequestException
   */
  async stop(request: Stop): Promise<string> {
    const { pipelineName, pipelineExecutionId: id, abandon, reason } = request;
    const stored = storedExecution(this.tables, pipelineName, id);
    const runner = this.running.get(id)?.runner;
    checkStop(runner?.current ?? stored, request);
    if (runner) {
      await runner.stop(abandon, reason);
      await noteChange(this.tables, { ...stored, status: 'Stopping' });
    } else await this.leave(stored, request);
    void this.events.publish();
    return id;
  }

  /** Goes on with the executions that had not ended when the process before this one did. */
  async resume(): Promise<void> {
    for (const name of this.tables.live.keys()) {
      await this.tables.store.transaction(() => this.promote(name));
      this.runBegun(name);
    }
    await this.events.publish();
  }

  /** Leaves the executions that have not ended to the next start of the process. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { runner } of this.running.values()) runner.halt();
    await Promise.all([...this.running.values()].map(({ over }) => over));
    await this.events.close();
  }

  /** Ends an execution that is not at work. */
  private async leave({ id, pipeline }: Execution, request: Stop): Promise<void> {
    const { abandon, reason } = request;
    this.leaving.add(id);
    try {
      const before = await this.tables.store.transaction(() => {
        const now = storedExecution(this.tables, pipeline, id);
        if (!hasEnded(now))
          this.end({ ...now, stop: { abandon, reason }, status: 'Stopped', statusSummary: reason });
        return now;
      });
      checkStop(before, request);
    } finally {
      this.leaving.delete(id);
    }
    this.runBegun(pipeline);
  }

  /** Must run inside a transaction. */
  private end(execution: Execution): void {
    write(this.tables, { ...execution, lastUpdateTime: seconds() });
    void noteChange(this.tables, execution);
    this.promote(execution.pipeline);
  }

  /** Gives the turn to the oldest execution that waits, if none has it. Must run inside a transaction. */
  private promote(pipeline: string): void {
    const open = unendedExecutions(this.tables, pipeline);
    const parallel = this.tables.live.get(pipeline)?.pipeline.mode === 'PARALLEL';
    const next = parallel ? open : open.some(({ begun }) => begun) ? [] : open.slice(0, 1);
    for (const each of next) if (!each.begun) write(this.tables, { ...each, begun: true });
  }

  private runBegun(pipeline: string): void {
    if (this.closed) return;
    for (const execution of unendedExecutions(this.tables, pipeline))
      if (execution.begun && !this.running.has(execution.id) && !this.leaving.has(execution.id))
        this.run(execution);
  }

  private run(execution: Execution): void {
    const { id, pipeline, version } = execution;
    const definition = storedVersion(this.tables, pipeline, version).pipeline;
    const save = (changed: Execution) => this.tables.executions.put(id, changed);
    const runner = new Runner(this.cloud, definition, execution, save);
    const over = runner
      .run()
      .then(async (ended) => {
        if (ended) await this.tables.store.transaction(() => this.end(ended));
        this.running.delete(id);
        this.runBegun(pipeline);
        if (ended) await this.events.publish();
      })
      .catch((error: unknown) => this.standStill(execution, error));
    this.running.set(id, { runner, over });
  }

  /** It keeps its place among the running until it is tried again: once there may be room on the disk, or at the next start. */
  private standStill({ id, pipeline }: Execution, error: unknown): void {
    const isPassing = error instanceof StateNotWritten;
    const again = (): void => {
      this.running.delete(id);
      this.runBegun(pipeline);
    };
    if (isPassing) setTimeout(again, AGAIN_MS).unref();
    const until = isPassing ? 'it can be written' : 'the next start';
    const reason = isPassing || !(error instanceof Error) ? String(error) : error.stack;
    this.cloud.warn(
      `the execution ${id} of the pipeline ${pipeline} cannot go on before ${until}: ${reason}`,
    );
  }
}

function checkStop(execution: Execution, { pipelineName, abandon }: Stop): void {
  const { id, status, stop } = execution;
  if (hasEnded(execution))
    throw new AwsError(
      'PipelineExecutionNotStoppableException',
      `the execution ${id} of ${pipelineName} has ended: it is ${status}`,
    );
  if (stop && (stop.abandon || !abandon))
    throw new AwsError(
      'DuplicatedStopRequestException',
      `the execution ${id} of ${pipelineName} is ${status} already${stop.abandon ? '' : ': only abandon it'}`,
    );
}
