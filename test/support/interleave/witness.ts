import type { Steps } from '../functions/steps.ts';
import type { Observed } from './calls.ts';
import { executionOf, type History, numberOf } from './history.ts';
import type { Host } from './host.ts';
import { readCommit, readItem } from './in-process.ts';

/** Sees what the calls of a run come to: which pipelines start, what pointers show, whose lease is given back. */
export class Witness {
  private readonly startedBy = new Map<string, string>();
  /** who makes the call that is made now */
  private starter = '';

  constructor(
    private readonly steps: Steps,
    private readonly history: History,
    private readonly host: Host,
  ) {
    steps.onStart = ({ pipeline, key, clientRequestToken }) => this.starts(pipeline, key, clientRequestToken);
  }

  close(): void {
    this.steps.onStart = () => {};
    this.steps.refusesToStart = undefined;
  }

  private starts(pipeline: string, key: string, token: string): void {
    const commit = numberOf(/commits\/(\w+)\.zip/.exec(key)?.[1] ?? '');
    if (this.history.scenario.refused.includes(commit)) {
      this.steps.refusesToStart = { name: 'InvalidStructure', status: 400 };
      return;
    }
    this.steps.refusesToStart = undefined;
    const arn = this.starter;
    const execution = executionOf(this.history, arn);
    if (!execution || this.startedBy.has(token)) return;
    this.startedBy.set(token, arn);
    this.history.started.push({ pipeline, commit, execution, changes: this.host.changes });
    this.history.trace.push(`** ${pipeline} is started on ${commit}`);
  }

  /** Makes a call, and looks at what has come of it. */
  async observe({ command, input, invocation }: Observed, call: () => Promise<unknown>): Promise<unknown> {
    const { Key, UpdateExpression } = Object(input);
    if (command === 'StartPipelineExecution') this.starter = invocation.executionArn;
    const releases = String(UpdateExpression) === 'REMOVE #lock';
    const before = releases ? await this.lockOf(Key.id) : undefined;
    try {
      return await call();
    } finally {
      if (before && before !== invocation.executionArn && (await this.lockOf(Key.id)) === undefined)
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
