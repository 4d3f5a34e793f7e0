import * as z from 'zod';
import { originSchema, type RawInput } from '../events/raw-input.ts';
import { REFUSED } from './outcomes.ts';
import { decidedSchema } from './payloads.ts';

/** The Pipe's enrichment turns an event that was too large or was throttled into this input. */
const overflowInputSchema = originSchema.extend({
  overflow: z.union([
    z.object({ ...decidedSchema.shape, bodyHash: z.string().optional() }),
    z.object({ error: z.enum(REFUSED), message: z.string() }),
  ]),
});

/** The input that the Pipe sends to the machine: a list with one item. */
export const pipeInputSchema = z.tuple([overflowInputSchema]);

export type OverflowInput = z.infer<typeof overflowInputSchema>;

/** The machine's input, by who sent it. */
export type MachineInput =
  | ({ readonly from: 'rule' } & RawInput)
  | ({ readonly from: 'pipe' } & OverflowInput);
