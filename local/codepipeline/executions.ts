import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Call, Cloud } from '../cloud.ts';
import type { Collection } from '../store.ts';
import type { Pipeline } from './definition.ts';
import { type Execution, seconds } from './execution.ts';
import { Runner } from './runner.ts';
import { overridesOf, type StartInput, startInputOf, variablesOf } from './start-input.ts';

const stopSchema = z.looseObject({
  pipelineName: z.string(),
  pipelineExecutionId: z.string(),
  abandon: z.boolean().default(false),
  reason: z.string().default(''),
});

/** Every execution, on disk; and those at work. */
export class Executions {
  /** [pipeline, number] */
  private readonly stored: Collection<Execution>;
  private readonly running = new Map<string, { runner: Runner; ended: Promise<void> }>();
  private stopping = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly pipelines: ReadonlyMap<string, Pipeline>,
  ) {
    this.stored = cloud.store.collection('codepipeline/executions');
  }

  /** @throws PipelineNotFoundException */
  pipeline(name: string): Pipeline {
    const pipeline = this.pipelines.get(name);
    if (pipeline) return pipeline;
    throw new AwsError('PipelineNotFoundException', `there is no pipeline ${name}`);
  }

  /** Of a pipeline, the newest first. */
  list(pipeline: string): Execution[] {
    return [...this.stored.under([this.pipeline(pipeline).name], { reverse: true })].map(
      ({ value }) => value,
    );
  }

  /** @throws PipelineExecutionNotFoundException */
  get(pipeline: string, id: string): Execution {
    return this.entry(pipeline, id).value;
  }

  private entry(pipeline: string, id: string): { key: (string | number)[]; value: Execution } {
    for (const { key, value } of this.stored.under([this.pipeline(pipeline).name], { reverse: true }))
      if (value.id === id && Array.isArray(key)) return { key, value };
    throw new AwsError(
      'PipelineExecutionNotFoundException',
      `the pipeline ${pipeline} has no execution ${id}`,
    );
  }

  async start(input: unknown, call: Call): Promise<string> {
    const request = startInputOf(input);
    const pipeline = this.pipeline(request.name);
    const overrides = overridesOf(pipeline, request);
    const variables = variablesOf(pipeline, request);
    const { id } = await this.cloud.store.transaction(() =>
      this.insert(pipeline, request, { overrides, variables }, call),
    );
    this.next(pipeline);
    return id;
  }

  /** The same token is the same execution. Must run inside a transaction. */
  private insert(
    { name }: Pipeline,
    { clientRequestToken: token }: StartInput,
    given: Pick<Execution, 'overrides' | 'variables'>,
    call: Call,
  ): Execution {
    const earlier = this.list(name);
    const known = token === undefined ? undefined : earlier.find((each) => each.token === token);
    if (known) return known;
    const made: Execution = {
      id: randomUUID(),
      pipeline: name,
      status: 'InProgress',
      startTime: seconds(),
      lastUpdateTime: seconds(),
      trigger: { triggerType: 'StartPipelineExecution', triggerDetail: call.principal.arn },
      token,
      ...given,
      revisions: [],
      artifacts: {},
      actions: [],
    };
    void this.stored.put([name, earlier.length + 1], made);
    return made;
  }

  async stop(input: unknown): Promise<string> {
    const { pipelineName, pipelineExecutionId: id, abandon, reason } = stopSchema.parse(input);
    const { key, value } = this.entry(pipelineName, id);
    if (value.status !== 'InProgress' && value.status !== 'Stopping')
      throw new AwsError(
        'PipelineExecutionNotStoppableException',
        `the execution ${id} of ${pipelineName} has ended: it is ${value.status}`,
      );
    const at = this.running.get(id);
    if (at) await at.runner.stop(abandon, reason);
    else
      await this.stored.put(key, {
        ...value,
        status: 'Stopped',
        statusSummary: reason,
        lastUpdateTime: seconds(),
      });
    return id;
  }

  /** Goes on with what was not at its end when the process before this one was. */
  resume(): void {
    for (const pipeline of this.pipelines.values()) this.next(pipeline);
  }

  async close(): Promise<void> {
    this.stopping = true;
    await Promise.all(
      [...this.running.values()].map(({ runner, ended }) => {
        runner.halt();
        return ended;
      }),
    );
  }

  /** Runs what may run now: all of them in parallel, or one after the other. */
  private next(pipeline: Pipeline): void {
    if (this.stopping) return;
    const waiting = this.list(pipeline.name)
      .filter(({ status, id }) => (status === 'InProgress' || status === 'Stopping') && !this.running.has(id))
      .reverse();
    if (pipeline.mode === 'PARALLEL') for (const execution of waiting) this.run(pipeline, execution);
    else if (!this.busy(pipeline)) this.runFirst(pipeline, waiting);
  }

  private busy({ name }: Pipeline): boolean {
    return this.list(name).some(({ id }) => this.running.has(id));
  }

  /** In the order of their starts, those that have begun before first; a newer one takes the place of all that wait. */
  private runFirst(pipeline: Pipeline, waiting: readonly Execution[]): void {
    const begun = waiting.find(({ actions }) => actions.length > 0);
    const newest = waiting.at(-1);
    if (begun || pipeline.mode === 'QUEUED' || !newest) {
      const first = begun ?? waiting[0];
      if (first) this.run(pipeline, first);
      return;
    }
    for (const each of waiting.slice(0, -1))
      void this.save({ ...each, status: 'Superseded', lastUpdateTime: seconds() });
    this.run(pipeline, newest);
  }

  private run(pipeline: Pipeline, execution: Execution): void {
    const runner = new Runner(this.cloud, pipeline, execution, (changed) => this.save(changed));
    const ended = runner
      .run()
      .catch((error: unknown) =>
        this.cloud.warn(
          `the pipeline ${pipeline.name} failed: ${error instanceof Error ? error.stack : String(error)}`,
        ),
      )
      .finally(() => {
        this.running.delete(execution.id);
        this.next(pipeline);
      });
    this.running.set(execution.id, { runner, ended });
  }

  private async save(execution: Execution): Promise<void> {
    await this.stored.put(this.entry(execution.pipeline, execution.id).key, execution);
  }
}
