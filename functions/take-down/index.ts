import * as z from 'zod';
import { deliverySchema } from '../../events/delivery.ts';
import { stateSchema } from '../../statemachine/payloads.ts';
import { logged } from '../shared/logged.ts';
import { takeDown } from './take-down.ts';

const inputSchema = z.object({
  executionArn: z.string(),
  state: stateSchema.extend({
    delivery: deliverySchema.required({ repository: true, ref: true }),
    pipeline: z.object({ since: z.string() }).optional(),
  }),
});

/** TakeDown: ends what a branch or a pull request had. Throws `TeardownFailed`, `PipelineNotOurs`, `PipelineMissing`, `RefBusy`. */
export const handler = logged('take-down', (event) => takeDown(inputSchema.parse(event)));
