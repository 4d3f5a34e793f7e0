import { logged } from '../shared/logged.ts';
import { pipelineEventSchema, pipelineResult } from './pipeline-result.ts';

/** PipelineResult: runs when CodePipeline tells what has become of an execution of a pipeline that a rule names. */
export const handler = logged('pipeline-result', (event) => pipelineResult(pipelineEventSchema.parse(event)));
