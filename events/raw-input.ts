import * as z from 'zod';
import { webhookSchema } from './bus-event.ts';
import { ruleOptionsSchema } from './rule.ts';
import { firstName } from './rule-name.ts';

/** The origin of an input of the machine. */
export const originSchema = z.object({
  rule: z.string(),
  eventId: z.string(),
  /** ISO time of the event */
  time: z.string(),
  /** `""` unless a replay sent the event */
  replayName: z.string(),
  /** the rule as it took the event, of which the names are read alone; executions of an older deployment are without */
  options: ruleOptionsSchema.optional(),
});

export type Origin = z.infer<typeof originSchema>;

/** The name of a rule in the keys of what is on record. */
export const recordedName = ({ rule, options }: Pick<Origin, 'rule' | 'options'>): string =>
  options?.name === rule ? firstName(options) : rule;

/** What a rule's target sends to the machine: the input transformer's result. A missing path is `""`. */
export const rawInputSchema = originSchema.extend({
  ...webhookSchema.shape,
});

export type RawInput = z.infer<typeof rawInputSchema>;
