import { AwsError } from '../../../local/core/aws-error.ts';
import type { Steps } from '../functions/steps.ts';
import type { Observed } from './calls.ts';
import { executionOf, type History, numberOf } from './history.ts';
import type { Host } from './host.ts';
import { readCommit, readItem } from './in-process.ts';
import { type Asked, Pipelines, TEARDOWN, type Watcher } from './pipelines.ts';
import type { Random } from './random.ts';

/** Sees what the calls of a run come to: which pipelines start, what pointers show, whose lease is given back. */
export class Witness implements Watcher {
  readonly pipelines: Pipelines;
  /** who makes the call that is made now */
  private starter = '';
  /** how many starts there were when the last teardown began */
  private tornDown = -1;

  constructor(
    private readonly steps: Steps,
    private readonly history: History,
    private readonly host: Host,
    now: () => number,
    random: Random,
    template: string,
  ) {
    this.pipelines = new Pipelines(now, random, this, template);
  }

  starts({ pipeline, key }: Asked): void {
    const { started, trace, wrong, scenario } = this.history;
    trace.push(`** ${pipeline} is asked to start`);
    if (pipeline === TEARDOWN) {
      this.tornDown = started.length;
      return;
    }
    const commit = numberOf(/commits\/(\w+)\.zip/.exec(key)?.[1] ?? '');
    if (scenario.refused.includes(commit)) throw new AwsError('InvalidStructure', 'not now');
    const execution = executionOf(this.history, this.starter);
    if (!execution) return;
    if (execution.rule.each && this.pipelines.isRunning(TEARDOWN))
      wrong.push(`${pipeline} is started while its teardown runs`);
    started.push({ pipeline: execution.rule.pipeline ?? '', commit, execution, changes: this.host.changes });
    trace.push(`** ${pipeline} is started on ${commit}`);
  }

  deletes(pipeline: string): void {
    const { started, trace, wrong } = this.history;
    trace.push(`** ${pipeline} is deleted`);
    if (this.pipelines.last(TEARDOWN) !== 'Succeeded')
      wrong.push(`${pipeline} is deleted before its teardown has ended well`);
    if (this.pipelines.isRunning(pipeline)) wrong.push(`${pipeline} is deleted while it runs`);
    if (this.tornDown !== started.length)
      wrong.push(`${pipeline} is deleted, and was started after its teardown`);
  }

  /** Makes a call, and looks at what has come of it. */
  async observe({ command, input, invocation }: Observed, call: () => Promise<unknown>): Promise<unknown> {
    const { Key, UpdateExpression } = Object(input);
    if (/^(StartPipelineExecution|CreatePipeline)$/.test(command)) this.starter = invocation.executionArn;
    // Who goes on with another's start makes its pipeline by the other's name, under its own lease of the ref.
    const releases = String(UpdateExpression) === 'REMOVE #lock' && !/^pipelines made of/.test(Key.id);
    const before = releases ? await this.lockOf(Key.id) : undefined;
    try {
      return await call();
    } finally {
      if (before && !before.startsWith(invocation.executionArn) && (await this.lockOf(Key.id)) === undefined)
        this.history.wrong.push(`the lease of ${before} was released by ${invocation.executionArn}`);
      if (command === 'CopyObject' || command === 'DeleteObject') await this.look(String(Key));
    }
  }

  private async lockOf(id: string): Promise<string | undefined> {
    const record = await readItem(this.steps, 'refs', id);
    return Object(record?.lock).owner;
  }

  private async look(key: string): Promise<void> {
    const commit = numberOf(await readCommit(this.steps, key));
    const seen = this.history.pointers.get(key) ?? [];
    if (seen.at(-1) === commit) return;
    this.history.trace.push(`** the pointer shows ${commit}`);
    this.history.pointers.set(key, [...seen, commit]);
  }
}
