import * as z from 'zod';
import { firstPage, type Page, type PageKey, pageOf, pageToken } from '../../core/paging.ts';
import { actionDetail, executionSummary, pipelineSummary } from './answers.ts';
import type { Execution } from './execution.ts';
import { idSchema, invalid, nameSchema } from './input.ts';
import { stageStatus } from './pipeline-state.ts';
import { liveVersion, newestFirst, storedExecution, storedVersion, type Tables } from './tables.ts';

const DEFAULT_PAGE = 100;

const pageMembers = <K extends z.ZodType<PageKey>>(key: K, most: number) => ({
  maxResults: z.number().int().min(1).max(most).default(DEFAULT_PAGE),
  nextToken: pageToken(key, 'InvalidNextTokenException').optional(),
});

export const pipelinesSchema = z.strictObject(pageMembers(z.string(), 1000));
export const executionsSchema = z.strictObject({
  pipelineName: nameSchema,
  filter: z
    .strictObject({ succeededInStage: z.strictObject({ stageName: nameSchema.optional() }).optional() })
    .optional(),
  // the execution's number
  ...pageMembers(z.number(), 100),
});
export const actionsSchema = z.strictObject({
  pipelineName: nameSchema,
  filter: z.strictObject({ pipelineExecutionId: idSchema.optional() }).optional(),
  // the execution's number, and the action's place in the execution
  ...pageMembers(z.tuple([z.number(), z.number()]), 100),
});

/** The template's pipelines, by name. */
export function listPipelines(
  { live }: Tables,
  { maxResults, nextToken }: z.infer<typeof pipelinesSchema>,
): object {
  const page = { limit: maxResults, after: nextToken };
  return answer(
    'pipelines',
    pageOf(live.values(), ({ pipeline }) => pipeline.name, page),
    pipelineSummary,
  );
}

function answer<T>(member: string, { items, next }: Page<T>, show: (item: T) => object): object {
  return { [member]: items.map(show), ...(next !== undefined && { nextToken: next }) };
}

/** A pipeline's executions, the newest first. */
export function listExecutions(
  tables: Tables,
  { pipelineName, filter, maxResults, nextToken }: z.infer<typeof executionsSchema>,
): object {
  const stage = filter?.succeededInStage?.stageName;
  checkStage(tables, pipelineName, stage);
  const rest = executionsOf(tables, pipelineName, stage, nextToken);
  const page = firstPage(rest, ({ execution }) => execution.number, maxResults);
  return answer('pipelineExecutionSummaries', page, ({ version, execution }) =>
    executionSummary(version, execution),
  );
}

function checkStage(tables: Tables, pipeline: string, stage: string | undefined): void {
  const { stages } = liveVersion(tables, pipeline).pipeline;
  if (stage !== undefined && !stages.some(({ name }) => name === stage))
    throw invalid(
      `the pipeline ${pipeline} has no stage ${stage}: it has ${stages.map(({ name }) => name).join(', ')}`,
    );
}

function* executionsOf(
  tables: Tables,
  pipeline: string,
  succeededIn: string | undefined,
  below: number | undefined,
) {
  for (const execution of newestFirst(tables, pipeline, below)) {
    const version = storedVersion(tables, pipeline, execution.version);
    const stage = version.pipeline.stages.find(({ name }) => name === succeededIn);
    const passes =
      succeededIn === undefined ||
      (stage && stageStatus(execution, stage.name, stage.actions.length) === 'Succeeded');
    if (passes) yield { version, execution };
  }
}

/** The actions of one execution of a pipeline, or of all; the newest first. */
export function listActions(
  tables: Tables,
  { pipelineName, filter, maxResults, nextToken }: z.infer<typeof actionsSchema>,
): object {
  liveVersion(tables, pipelineName);
  const id = filter?.pipelineExecutionId;
  const executions =
    id === undefined
      ? newestFirst(tables, pipelineName, nextToken && nextToken[0] + 1)
      : [storedExecution(tables, pipelineName, id)];
  const page = firstPage(actionsOf(tables, executions, nextToken), ({ key }) => key, maxResults);
  return answer('actionExecutionDetails', page, ({ version, execution, action }) =>
    actionDetail(version, execution, action),
  );
}

/** @param after the key of the last action of the page before, which may be in the middle of an execution */
function* actionsOf(tables: Tables, executions: Iterable<Execution>, after?: [number, number]) {
  for (const execution of executions) {
    const { number } = execution;
    const version = storedVersion(tables, execution.pipeline, execution.version);
    const end = after?.[0] === number ? after[1] : execution.actions.length;
    for (const [place, action] of [...execution.actions.entries()].slice(0, end).reverse())
      yield { key: [number, place], version, execution, action };
  }
}
