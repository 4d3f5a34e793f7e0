import * as z from 'zod';
import { deliverySchema } from '../events/delivery.ts';
import { originSchema, type RawInput } from '../events/raw-input.ts';
import { routeSchema } from '../events/route.ts';
import { REFUSED } from './outcomes.ts';

/** What the Pipe's enrichment makes of an event that was too large or was throttled. */
const overflowInputSchema = originSchema.extend({
  overflow: z.union([
    z.object({ delivery: deliverySchema, route: routeSchema, bodyHash: z.string().optional() }),
    z.object({ error: z.enum(REFUSED), message: z.string() }),
  ]),
});

/** What the Pipe sends to the machine: a list, also of one. */
export const pipeInputSchema = z.tuple([overflowInputSchema]);

export type OverflowInput = z.infer<typeof overflowInputSchema>;

/** The machine's input, by who sent it. */
export type MachineInput =
  | ({ readonly from: 'rule' } & RawInput)
  | ({ readonly from: 'pipe' } & OverflowInput);
