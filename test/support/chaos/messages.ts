import * as z from 'zod';
import { aimSchema } from './aim.ts';

/** What is asked of a runtime: to aim at a call, at none with `null`, or only to answer. */
export const requestSchema = z.object({ number: z.number(), aim: aimSchema.nullish() });

/** What it answers: the calls that change something since it started, and the deliveries of its git host. */
export const answerSchema = z.object({
  /** of the request; 0 when it is ready */
  number: z.number(),
  calls: z.array(z.string()),
  deliveries: z.array(z.object({ id: z.string(), status: z.string(), statusCode: z.number() })),
});

export type Answer = z.infer<typeof answerSchema>;
