import * as z from 'zod';
import { actionDetail, executionSummary, pipelineSummary } from './answers.ts';
import type { Execution } from './execution.ts';
import { idSchema, invalid, nameSchema } from './input.ts';
import { type Listed, page, pageMembers } from './page.ts';
import { stageStatus } from './pipeline-state.ts';
import { liveVersion, newestFirst, storedExecution, storedVersion, type Tables } from './tables.ts';

export const pipelinesSchema = z.strictObject(pageMembers(1000));
export const executionsSchema = z.strictObject({
  pipelineName: nameSchema,
  filter: z
    .strictObject({ succeededInStage: z.strictObject({ stageName: nameSchema.optional() }).optional() })
    .optional(),
  ...pageMembers(100),
});
export const actionsSchema = z.strictObject({
  pipelineName: nameSchema,
  filter: z.strictObject({ pipelineExecutionId: idSchema.optional() }).optional(),
  ...pageMembers(100),
});

/** The template's pipelines, by name. */
export function listPipelines({ live }: Tables, request: z.infer<typeof pipelinesSchema>): object {
  const listed = [...live.keys()].sort().flatMap((name): Listed[] => {
    const version = live.get(name);
    return version ? [{ place: name, show: () => pipelineSummary(version) }] : [];
  });
  return page('pipelines', listed, request);
}

/** A pipeline's executions, the newest first. */
export function listExecutions(
  tables: Tables,
  { pipelineName, filter, ...request }: z.infer<typeof executionsSchema>,
): object {
  const stage = filter?.succeededInStage?.stageName;
  checkStage(tables, pipelineName, stage);
  return page('pipelineExecutionSummaries', executionsOf(tables, pipelineName, stage), request);
}

function checkStage(tables: Tables, pipeline: string, stage: string | undefined): void {
  const { stages } = liveVersion(tables, pipeline).pipeline;
  if (stage !== undefined && !stages.some(({ name }) => name === stage))
    throw invalid(
      `the pipeline ${pipeline} has no stage ${stage}: it has ${stages.map(({ name }) => name).join(', ')}`,
    );
}

function* executionsOf(tables: Tables, pipeline: string, succeededIn: string | undefined): Generator<Listed> {
  for (const execution of newestFirst(tables, pipeline)) {
    const version = storedVersion(tables, pipeline, execution.version);
    const stage = version.pipeline.stages.find(({ name }) => name === succeededIn);
    const passes =
      succeededIn === undefined ||
      (stage && stageStatus(execution, stage.name, stage.actions.length) === 'Succeeded');
    if (passes) yield { place: execution.id, show: () => executionSummary(version, execution) };
  }
}

/** The actions of one execution of a pipeline, or of all; the newest first. */
export function listActions(
  tables: Tables,
  { pipelineName, filter, ...request }: z.infer<typeof actionsSchema>,
): object {
  liveVersion(tables, pipelineName);
  const id = filter?.pipelineExecutionId;
  const executions =
    id === undefined ? newestFirst(tables, pipelineName) : [storedExecution(tables, pipelineName, id)];
  return page('actionExecutionDetails', actionsOf(tables, executions), request);
}

function* actionsOf(tables: Tables, executions: Iterable<Execution>): Generator<Listed> {
  for (const execution of executions) {
    const version = storedVersion(tables, execution.pipeline, execution.version);
    for (const actionExecution of execution.actions.toReversed())
      yield { place: actionExecution.id, show: () => actionDetail(version, execution, actionExecution) };
  }
}
