import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import { StateNotWritten } from '../../core/not-written.ts';
import type { ActionResult, ActionRun } from './action-run.ts';
import { runBuild, stopBuild } from './build.ts';
import { type ActionExecution, type Execution, seconds } from './execution.ts';
import { type Action, groupsOf, type Pipeline } from './pipeline.ts';
import { takeSource } from './source.ts';

/** One execution at work; every change of it is on disk before it goes on. */
export class Runner {
  private readonly abort = new AbortController();
  private halted = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly pipeline: Pipeline,
    private execution: Execution,
    private readonly save: (execution: Execution) => Promise<void>,
  ) {
    if (execution.stop?.abandon) this.abort.abort();
  }

  get current(): Execution {
    return this.execution;
  }

  /** Leaves everything as it is, for the next start of the process. */
  halt(): void {
    this.halted = true;
    this.abort.abort();
  }

  /** Begins no other action; the actions at work come to their end, or with `abandon` are ended. */
  async stop(abandon: boolean, reason: string): Promise<void> {
    await this.change({ status: 'Stopping', stop: { abandon, reason } });
    if (abandon) this.abort.abort();
  }

  /**
   * @returns the execution as it ends, or nothing if it was halted before
   * @throws StateNotWritten when nothing of it is at work any more: what is on disk is whole
   */
  async run(): Promise<Execution | undefined> {
    for (const stage of this.pipeline.stages)
      for (const actions of groupsOf(stage)) {
        const ended = await this.runActions(stage.name, actions);
        if (this.halted) return undefined;
        if (ended.some((status) => status !== 'Succeeded')) return this.ended();
      }
    return this.ended();
  }

  private async runActions(stage: string, actions: readonly Action[]) {
    const all = actions.map((action) =>
      this.runAction(stage, action).catch((error: unknown) => {
        this.halt();
        throw error;
      }),
    );
    await Promise.allSettled(all);
    return Promise.all(all);
  }

  private ended(): Execution {
    this.execution = { ...this.execution, ...this.outcome(), lastUpdateTime: seconds() };
    return this.execution;
  }

  private outcome(): Pick<Execution, 'status' | 'statusSummary'> {
    const { stop, actions } = this.execution;
    if (stop) return { status: 'Stopped', statusSummary: stop.reason };
    const failed = actions.find(({ status }) => status === 'Failed');
    return failed
      ? {
          status: 'Failed',
          statusSummary: `the action ${failed.action} of the stage ${failed.stage} failed: ${failed.error?.message}`,
        }
      : { status: 'Succeeded' };
  }

  /** Runs an action. An ended one stays as it is; one that was at work when a former process ended is taken up. */
  private async runAction(stage: string, action: Action): Promise<ActionExecution['status'] | 'NotBegun'> {
    const before = this.execution.actions.find((each) => each.stage === stage && each.action === action.name);
    if (before && before.status !== 'InProgress') return before.status;
    if (this.halted || (!before && this.execution.stop)) return 'NotBegun';
    const known = before ?? begun(stage, action.name);
    if (!before) await this.change({ actions: [...this.execution.actions, known] });
    const run: ActionRun = {
      cloud: this.cloud,
      pipeline: this.pipeline,
      execution: this.execution,
      action,
      known,
      signal: this.abort.signal,
      note: (part) => this.changeAction(known.id, part),
    };
    return this.perform(run).then(
      (done) => this.done(known.id, done),
      (error: unknown) => this.failed(run, error),
    );
  }

  private async perform(run: ActionRun): Promise<ActionResult> {
    run.signal.throwIfAborted();
    return run.action.provider === 'S3' ? takeSource(run) : runBuild(run);
  }

  private async done(
    id: string,
    { artifacts, revision, variables, summary }: ActionResult,
  ): Promise<'Succeeded'> {
    await this.changeAction(
      id,
      { status: 'Succeeded', variables, summary },
      {
        artifacts: { ...this.execution.artifacts, ...artifacts },
        revisions: revision ? [...this.execution.revisions, revision] : this.execution.revisions,
      },
    );
    return 'Succeeded';
  }

  private async failed(run: ActionRun, error: unknown): Promise<'Abandoned' | 'Failed' | 'InProgress'> {
    if (this.halted) return 'InProgress';
    if (error instanceof StateNotWritten) throw error;
    const { id } = run.known;
    if (this.abort.signal.aborted) {
      const build = this.execution.actions.find((each) => each.id === id)?.externalId;
      if (build !== undefined) await stopBuild(run, build);
      await this.changeAction(id, { status: 'Abandoned' });
      return 'Abandoned';
    }
    const message = error instanceof Error ? error.message : String(error);
    await this.changeAction(id, { status: 'Failed', error: { code: 'JobFailed', message } });
    return 'Failed';
  }

  private changeAction(
    id: string,
    part: Partial<ActionExecution>,
    besides: Partial<Execution> = {},
  ): Promise<void> {
    const actions = this.execution.actions.map((each) =>
      each.id === id ? { ...each, ...part, lastUpdateTime: seconds() } : each,
    );
    return this.change({ ...besides, actions });
  }

  private change(part: Partial<Execution>): Promise<void> {
    this.execution = { ...this.execution, ...part, lastUpdateTime: seconds() };
    return this.save(this.execution);
  }
}

function begun(stage: string, action: string): ActionExecution {
  const now = seconds();
  return {
    id: randomUUID(),
    stage,
    action,
    status: 'InProgress',
    startTime: now,
    lastUpdateTime: now,
    variables: {},
  };
}
