import * as z from 'zod';
import { webhookSchema } from './bus-event.ts';
import { deliverySchema } from './delivery.ts';
import { ruleOptionsSchema } from './rule.ts';

/** Where a delivery goes. `pull` for pushes and what is asked for, `retire` for a deleted ref. */
export const routeSchema = z.enum(['ping', 'ignored', 'pull', 'retire']);

export type Route = z.infer<typeof routeSchema>;

const originSchema = z.object({
  rule: z.string(),
  eventId: z.string(),
  /** ISO time of the event */
  time: z.string(),
  /** `""` unless a replay sent the event */
  replayName: z.string(),
});

/** What a rule's target sends to the machine: the input transformer's result. A missing path is `""`. */
export const rawInputSchema = originSchema.extend({
  ...webhookSchema.shape,
  /** the rule as it took the event; executions of an older deployment are without */
  options: ruleOptionsSchema.optional(),
});

/** What the Pipe's enrichment makes of an event that was too large or was throttled. */
export const overflowInputSchema = originSchema.extend({
  overflow: z.union([
    z.object({ delivery: deliverySchema, route: routeSchema }),
    z.object({ error: z.enum(['Malformed', 'Rejected']), message: z.string() }),
  ]),
});

/** What the Pipe sends to the machine: a list, also of one. */
export const pipeInputSchema = z.tuple([overflowInputSchema]);

export type RawInput = z.infer<typeof rawInputSchema>;
export type OverflowInput = z.infer<typeof overflowInputSchema>;

/** The machine's input, by who sent it. */
export type MachineInput =
  | ({ readonly from: 'rule' } & RawInput)
  | ({ readonly from: 'pipe' } & OverflowInput);
