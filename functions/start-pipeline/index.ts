import { pulledSchema, stepSchema } from '../../statemachine/payloads.ts';
import { logged, logger } from '../shared/logged.ts';
import { once } from '../shared/once.ts';
import { startPipeline } from './start-pipeline.ts';

const inputSchema = stepSchema(pulledSchema);
const startOnce = once('start-pipeline', 'executionArn', startPipeline);

/** StartPipeline: starts the rule's pipeline. Throws `Superseded`, `RefBusy`, `PipelineMissing`, `PipelineSource`. */
export const handler = logged('start-pipeline', async (event, context) => {
  const input = inputSchema.parse(event);
  const started = await startOnce(input, context);
  // The dashboard reads it. A replayed event has the time at which it came first.
  if (input.state.replayName === '')
    logger.appendKeys({ sinceWebhookMs: Date.now() - Date.parse(input.state.time) });
  return started;
});
