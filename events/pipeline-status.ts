import * as z from 'zod';

/** What has become of a pipeline execution, in the words of CodePipeline's API. */
export const pipelineStatusSchema = z.enum([
  'InProgress',
  'Succeeded',
  'Failed',
  'Stopped',
  'Superseded',
  'Cancelled',
]);

export type PipelineStatus = z.infer<typeof pipelineStatusSchema>;

/**
 * The states of CodePipeline's events that change the status of an execution that was started; `RESUMED` is one whose
 * failed stage is tried again. https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 */
export const pipelineStateSchema = z.enum([
  'RESUMED',
  'SUCCEEDED',
  'FAILED',
  'STOPPED',
  'SUPERSEDED',
  'CANCELED',
]);

export const STATUS_OF_STATE: Readonly<Record<z.infer<typeof pipelineStateSchema>, PipelineStatus>> = {
  RESUMED: 'InProgress',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  STOPPED: 'Stopped',
  SUPERSEDED: 'Superseded',
  CANCELED: 'Cancelled',
};
