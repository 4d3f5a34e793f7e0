import * as z from 'zod';
import { pullResultSchema, stateSchema } from '../../statemachine/payloads.ts';

const text = z.string().default('');

export const reportSchema = z.object({
  outcome: z.string(),
  executionArn: z.string(),
  /** how often the machine has called before; one of the release before does not say */
  retries: z.number().optional(),
  state: stateSchema.extend({
    pull: pullResultSchema
      .pick({ commit: true, key: true, versionId: true, bytes: true, reason: true })
      .partial()
      .optional(),
    pipeline: z.object({ name: text, executionId: text }).optional(),
    error: z.object({ Error: z.string(), Cause: z.string().default('') }).optional(),
  }),
});

export type Report = z.infer<typeof reportSchema>;
