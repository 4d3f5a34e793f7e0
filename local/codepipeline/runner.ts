import { randomUUID } from 'node:crypto';
import type { Cloud } from '../cloud.ts';
import { type Acting, begun, build, type Done, source, stopBuild } from './actions.ts';
import type { Action, Pipeline } from './definition.ts';
import { type ActionExecution, type Execution, seconds } from './execution.ts';

/** One execution at work; every change of it is on disk before the next. */
export class Runner {
  private readonly abort = new AbortController();
  private halted = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly pipeline: Pipeline,
    private execution: Execution,
    private readonly save: (execution: Execution) => Promise<void>,
  ) {}

  /** Leaves everything as it is, for the next start of the process. */
  halt(): void {
    this.halted = true;
    this.abort.abort();
  }

  /** Ends what runs, or lets the actions at work come to their end first. */
  async stop(abandon: boolean, reason: string): Promise<void> {
    await this.change({ status: 'Stopping', stop: { abandon, reason } });
    if (abandon) this.abort.abort();
  }

  async run(): Promise<void> {
    try {
      await this.stages();
    } catch (error) {
      // What failed is in its action; the process's end is none of the execution's.
      if (this.halted) return;
      if (!(error instanceof Failed)) throw error;
    }
    if (!this.halted) await this.finish();
  }

  private async finish(): Promise<void> {
    const failed = this.execution.actions.find(({ status }) => status === 'Failed');
    if (this.execution.stop)
      await this.change({ status: 'Stopped', statusSummary: this.execution.stop.reason });
    else if (failed)
      await this.change({ status: 'Failed', statusSummary: `${failed.action}: ${failed.error?.message}` });
    else await this.change({ status: 'Succeeded' });
  }

  private async stages(): Promise<void> {
    for (const { name, actions } of this.pipeline.stages) {
      const orders = [...new Set(actions.map(({ runOrder }) => runOrder))].sort((a, b) => a - b);
      for (const order of orders) {
        if (this.execution.stop) return;
        const results = await Promise.allSettled(
          actions.filter(({ runOrder }) => runOrder === order).map((action) => this.act(name, action)),
        );
        const failed = results.find((result) => result.status === 'rejected');
        if (failed) throw failed.reason;
      }
    }
  }

  private async act(stage: string, action: Action): Promise<void> {
    const before = this.execution.actions.find((each) => each.stage === stage && each.action === action.name);
    if (before?.status === 'Succeeded') return;
    const known = before ?? begun(stage, action.name, randomUUID());
    if (!before) await this.changeAction(known);
    const acting: Acting = {
      cloud: this.cloud,
      pipeline: this.pipeline,
      execution: this.execution,
      action,
      known,
      signal: this.abort.signal,
      submitted: (externalId) => this.changeAction({ ...this.actionOf(known), externalId }),
    };
    try {
      await this.done(known, await (action.provider === 'S3' ? source(acting) : build(acting)));
    } catch (error) {
      if (this.halted) throw error;
      await this.failed(action, known, error);
      throw new Failed();
    }
  }

  private async done(
    known: ActionExecution,
    { artifacts, variables, summary, revision }: Done,
  ): Promise<void> {
    await this.change({
      artifacts: { ...this.execution.artifacts, ...artifacts },
      ...(revision ? { revisions: [...this.execution.revisions, revision] } : {}),
    });
    await this.changeAction({ ...this.actionOf(known), status: 'Succeeded', variables, summary });
  }

  private async failed(action: Action, known: ActionExecution, error: unknown): Promise<void> {
    const current = this.actionOf(known);
    if (this.execution.stop?.abandon) {
      if (current.externalId) await stopBuild(this.cloud, action, current.externalId);
      return this.changeAction({ ...current, status: 'Abandoned' });
    }
    const message = error instanceof Error ? error.message : String(error);
    return this.changeAction({ ...current, status: 'Failed', error: { code: 'JobFailed', message } });
  }

  private actionOf({ id }: ActionExecution): ActionExecution {
    const found = this.execution.actions.find((each) => each.id === id);
    if (!found) throw new Error(`the action ${id} was never begun`);
    return found;
  }

  private changeAction(action: ActionExecution): Promise<void> {
    const updated = { ...action, lastUpdateTime: seconds() };
    const others = this.execution.actions.some(({ id }) => id === action.id);
    const actions = others
      ? this.execution.actions.map((each) => (each.id === action.id ? updated : each))
      : [...this.execution.actions, updated];
    return this.change({ actions });
  }

  private change(change: Partial<Execution>): Promise<void> {
    this.execution = { ...this.execution, ...change, lastUpdateTime: seconds() };
    return this.save(this.execution);
  }
}

class Failed extends Error {}
