import { pipelinePage } from '../../events/aws-console.ts';
import { pipelineNameFor } from '../../events/pipeline-name.ts';
import type { StatusState } from '../../events/provider.ts';
import { outcomes } from '../../statemachine/outcomes.ts';
import { startsId } from '../../statemachine/record-ids.ts';
import { readRun } from '../shared/pipeline-run.ts';
import { RUNS, resultOf, summaryOf } from '../shared/pipeline-status.ts';
import { environment } from '../shared/setting.ts';
import { readStarted, repeated } from '../shared/started.ts';
import type { Report } from './input.ts';

/** The pipeline execution that builds the delivered commit. */
export interface BuiltBy {
  readonly name: string;
  readonly executionId: string;
  /** what the commit's page says meanwhile; undefined for an execution of which nothing will be told */
  readonly status: readonly [StatusState, string] | undefined;
  /** what a check run says of it at length, where that is more */
  readonly summary: string | undefined;
  readonly url: string;
}

/** The execution that the delivery has started, or the one that built its commit before; undefined when there is none. */
export async function builtBy({ outcome, state }: Report): Promise<BuiltBy | undefined> {
  const execution = outcome === outcomes.unchanged ? await earlier(state) : state.pipeline;
  if (!execution?.executionId) return undefined;
  const { name, executionId } = execution;
  const { status, summary } =
    outcome === outcomes.unchanged ? await statusOf(executionId) : { status: RUNS, summary: undefined };
  return {
    name,
    executionId,
    status,
    summary,
    url: pipelinePage(environment('AWS_REGION'), name, executionId),
  };
}

async function earlier(state: Report['state']): Promise<Report['state']['pipeline']> {
  const { rule, delivery } = state;
  const { repository, ref } = delivery;
  const commit = state.pull?.commit || delivery.commit;
  if (!rule.pipeline || !repository || !ref || !commit) return undefined;
  const pipeline = pipelineNameFor(rule.pipeline, state);
  if (!('name' in pipeline)) return undefined;
  const started = await readStarted(startsId(delivery.host, repository.fullName, ref), pipeline.name);
  const start = repeated(started, state, commit);
  return start && { name: pipeline.name, executionId: start.executionId };
}

/** An execution without a record was started by a release that kept none. */
async function statusOf(executionId: string): Promise<Pick<BuiltBy, 'status' | 'summary'>> {
  const run = await readRun(executionId);
  if (run.status !== undefined) return { status: resultOf(run), summary: summaryOf(run) };
  return { status: run.deliveries.size > 0 ? RUNS : undefined, summary: undefined };
}
