import { AwsError } from '../../../local/core/aws-error.ts';
import { templatePipeline } from '../functions/branch-template.ts';
import type { Random } from './random.ts';

/** What a run of a pipeline is asked for. */
export interface Asked {
  readonly pipeline: string;
  readonly key: string;
  /** whoever asks again by it is answered the same */
  readonly token: string;
}

interface Run extends Asked {
  readonly id: string;
  readonly trigger: 'CreatePipeline' | 'StartPipelineExecution';
  /** in the time of the run */
  ends: number;
  result: 'Succeeded' | 'Failed' | 'Stopped';
  /** why it was stopped */
  reason?: string;
}

interface Pipeline {
  declaration: ReturnType<typeof templatePipeline>;
  tags: readonly object[];
  readonly runs: Run[];
}

/** What looks at a CodePipeline. */
export interface Watcher {
  /** may throw an `AwsError` */
  starts(asked: Asked): void;
  deletes(pipeline: string): void;
}

const LONGEST_MS = 90_000;

/** CodePipeline in the time of a run: its executions end by themselves, and some teardowns fail. */
export class Pipelines {
  private readonly pipelines = new Map<string, Pipeline>();
  private count = 0;
  private failures = 0;

  constructor(
    private readonly now: () => number,
    private readonly random: Random,
    private readonly watcher: Watcher,
    private readonly template: string,
  ) {
    for (const name of ['deploy', 'every', template, TEARDOWN])
      this.pipelines.set(name, { declaration: templatePipeline(name), tags: [], runs: [] });
  }

  /** Whether there is one that was made of the template. */
  hasOwn(): boolean {
    return [...this.pipelines.keys()].some((name) => name.startsWith(`${this.template}-`));
  }

  /** Whether a run of a pipeline is under way. */
  isRunning(name: string): boolean {
    return (this.pipelines.get(name)?.runs ?? []).some((run) => this.statusOf(run) === 'InProgress');
  }

  /** How the last run of a pipeline ended, or that it is under way; `""` when there was none. */
  last(name: string): string {
    const run = this.pipelines.get(name)?.runs.at(-1);
    return run ? this.statusOf(run) : '';
  }

  /** Carries an operation out. Throws `AwsError`. */
  call(operation: string, input: object): unknown {
    const { name, pipelineName = name, resourceArn, pipeline, tags = [], ...more } = Object(input);
    if (operation === 'CreatePipeline') return this.create(pipeline, tags);
    if (operation === 'ListPipelines')
      return { pipelines: [...this.pipelines.keys()].map((each) => ({ name: each })) };
    const found = this.found(pipeline?.name ?? pipelineName ?? String(resourceArn).split(':').at(-1));
    const pipelineOf: Record<string, () => unknown> = {
      GetPipeline: () => ({
        pipeline: found.declaration,
        metadata: { pipelineArn: `arn:${found.declaration.name}` },
      }),
      UpdatePipeline: () => {
        found.declaration = pipeline;
      },
      ListTagsForResource: () => ({ tags: found.tags }),
      TagResource: () => {
        found.tags = tags;
      },
      DeletePipeline: () => {
        this.watcher.deletes(pipelineName);
        this.pipelines.delete(pipelineName);
      },
      StartPipelineExecution: () => this.start(found, more),
      StopPipelineExecution: () => {
        const run = found.runs.find(({ id }) => id === more.pipelineExecutionId);
        if (!run || this.statusOf(run) !== 'InProgress')
          throw new AwsError('PipelineExecutionNotStoppableException', 'it has ended');
        Object.assign(run, { ends: this.now(), result: 'Stopped', reason: more.reason });
      },
      ListPipelineExecutions: () => ({
        pipelineExecutionSummaries: found.runs.map((run) => this.summary(run)).reverse(),
      }),
      GetPipelineExecution: () => ({
        pipelineExecution: found.runs
          .map((run) => this.summary(run))
          .find(({ pipelineExecutionId }) => pipelineExecutionId === more.pipelineExecutionId),
      }),
    };
    const carryOut = pipelineOf[operation];
    if (!carryOut) throw new Error(`the model has no ${operation}: put it into Pipelines`);
    return carryOut();
  }

  private create(declaration: Pipeline['declaration'], tags: readonly object[]): unknown {
    const name = declaration.name ?? '';
    if (this.pipelines.has(name)) throw new AwsError('PipelineNameInUseException', `${name} is there`);
    const made: Pipeline = { declaration, tags, runs: [] };
    const key = declaration.stages?.[0]?.actions?.[0]?.configuration?.S3ObjectKey ?? '';
    this.run(made, 'CreatePipeline', { pipeline: name, key, token: '' });
    this.pipelines.set(name, made);
    return { pipeline: declaration };
  }

  private start(found: Pipeline, { clientRequestToken: token = '', sourceRevisions = [] }: Started): unknown {
    const before = found.runs.find((run) => run.token === token);
    if (before) return { pipelineExecutionId: before.id };
    const key =
      sourceRevisions.find(({ revisionType }) => revisionType === 'S3_OBJECT_KEY')?.revisionValue ?? '';
    const run = this.run(found, 'StartPipelineExecution', {
      pipeline: found.declaration.name ?? '',
      key,
      token,
    });
    return { pipelineExecutionId: run.id };
  }

  private run(found: Pipeline, trigger: Run['trigger'], asked: Asked): Run {
    this.watcher.starts(asked);
    this.count += 1;
    // One that fails again and again would keep its pipeline for good.
    const fails = asked.pipeline === TEARDOWN && this.failures === 0 && this.random.chance(0.15);
    if (fails) this.failures += 1;
    const ends = this.now() + this.random.below(LONGEST_MS);
    const run: Run = {
      ...asked,
      trigger,
      id: `execution-${this.count}`,
      ends,
      result: fails ? 'Failed' : 'Succeeded',
    };
    found.runs.push(run);
    return run;
  }

  private summary(run: Run) {
    return {
      pipelineExecutionId: run.id,
      status: this.statusOf(run),
      statusSummary: run.reason,
      trigger: { triggerType: run.trigger },
      lastUpdateTime: new Date(Math.min(run.ends, this.now())),
    };
  }

  private statusOf({ ends, result }: Run): string {
    return this.now() < ends ? 'InProgress' : result;
  }

  private found(name: string): Pipeline {
    const found = this.pipelines.get(name);
    if (!found) throw new AwsError('PipelineNotFoundException', `there is no pipeline ${name}`);
    return found;
  }
}

interface Started {
  readonly clientRequestToken?: string;
  readonly sourceRevisions?: readonly { readonly revisionType: string; readonly revisionValue: string }[];
}

/** What runs before a pipeline of a branch goes. */
export const TEARDOWN = 'teardown';
