import { pulledSchema, stepSchema } from '../../statemachine/payloads.ts';
import { logged } from '../shared/logged.ts';
import { once } from '../shared/once.ts';
import { startPipeline } from './start-pipeline.ts';

const inputSchema = stepSchema(pulledSchema);
const startOnce = once('start-pipeline', 'executionArn', startPipeline);

/** StartPipeline: starts the rule's pipeline. Throws `Superseded`, `RefBusy`, `PipelineMissing`, `PipelineSource`. */
export const handler = logged('start-pipeline', (event, context) =>
  startOnce(inputSchema.parse(event), context),
);
