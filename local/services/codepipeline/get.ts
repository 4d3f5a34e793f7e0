import * as z from 'zod';
import { shownExecution, shownPipeline } from './answers.ts';
import { idSchema, nameSchema } from './input.ts';
import { stateOf } from './pipeline-state.ts';
import { liveVersion, storedExecution, storedVersion, type Tables } from './tables.ts';

export const pipelineSchema = z.strictObject({
  name: nameSchema,
  version: z.number().int().min(1).optional(),
});
export const stateSchema = z.strictObject({ name: nameSchema });
export const executionSchema = z.strictObject({ pipelineName: nameSchema, pipelineExecutionId: idSchema });

/** A pipeline as it is, or as it was at a version. */
export function getPipeline(tables: Tables, { name, version }: z.infer<typeof pipelineSchema>): object {
  const newest = liveVersion(tables, name);
  return shownPipeline(version === undefined ? newest : storedVersion(tables, name, version));
}

export function getPipelineState(tables: Tables, { name }: z.infer<typeof stateSchema>): object {
  return stateOf(tables, liveVersion(tables, name));
}

export function getPipelineExecution(
  tables: Tables,
  { pipelineName, pipelineExecutionId }: z.infer<typeof executionSchema>,
): object {
  const execution = storedExecution(tables, pipelineName, pipelineExecutionId);
  const version = storedVersion(tables, pipelineName, execution.version);
  return { pipelineExecution: shownExecution(version, execution) };
}
