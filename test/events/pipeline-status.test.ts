import { expect, it } from 'vitest';
import { pipelineStateSchema, pipelineStatusSchema, STATUS_OF_STATE } from '../../events/pipeline-status.ts';

// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineExecution.html
it.each(['InProgress', 'Succeeded', 'Failed', 'Stopped', 'Superseded', 'Cancelled'])(
  'CodePipeline says %s of an execution',
  (status) => {
    expect(pipelineStatusSchema.parse(status)).toBe(status);
  },
);

it.each([
  ['RESUMED', 'InProgress'],
  ['SUCCEEDED', 'Succeeded'],
  ['FAILED', 'Failed'],
  ['STOPPED', 'Stopped'],
  ['SUPERSEDED', 'Superseded'],
  ['CANCELED', 'Cancelled'],
])('the event %s tells of an execution that is %s', (state, status) => {
  expect(STATUS_OF_STATE[pipelineStateSchema.parse(state)]).toBe(status);
});

it.each(['STARTED', 'STOPPING', '', 'Succeeded'])('the event %j changes no status', (state) => {
  expect(pipelineStateSchema.safeParse(state).success).toBe(false);
});
