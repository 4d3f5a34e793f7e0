/**
 * The id of the record of what was started for a ref, in the Refs table. Rules of other pull options share it, because
 * they may start the same pipeline; no pointer's key is like it.
 */
export function startsId(host: string, fullName: string, ref: string): string {
  return `pipelines of ${host}/${fullName} ${ref}`;
}

/**
 * The id of what is known of a pipeline execution, in the Deliveries table. No key of a delivery has two parts. Lists do
 * not show the record, as it has no day.
 */
export const pipelineRunId = (executionId: string): string => `pipeline#${executionId}`;
