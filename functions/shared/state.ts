import * as z from 'zod';
import { deliverySchema } from '../../events/delivery.ts';
import { pullSchema } from '../../events/rule.ts';
import { NO_VALUE } from '../../statemachine/pull-exports.ts';

/** What the machine hands to a step: the delivery as far as it has come, and the execution it is. */
export const stateSchema = z.object({
  delivery: deliverySchema,
  rule: z.object({
    name: z.string(),
    pull: pullSchema,
    pipeline: z.object({ name: z.string(), variables: z.record(z.string(), z.string()) }).optional(),
    status: z.boolean(),
    superseded: z.enum(['stop', 'start']),
  }),
  route: z.enum(['ping', 'ignored', 'pull', 'retire']),
  replayName: z.string(),
  time: z.string(),
  key: z.string(),
});

/** A variable that the pull has exported; `""` for none. */
export const exportedSchema = z.string().transform((value) => (value === NO_VALUE ? '' : value));

/** A state in which a ref has been pulled, so that there is a repository and a ref. */
export const pulledSchema = stateSchema.extend({
  delivery: deliverySchema.required({ repository: true, ref: true }),
  pull: z.object({
    outcome: z.enum(['pulled', 'gone']),
    token: z.coerce.number().int().positive(),
    commit: exportedSchema,
    tip: exportedSchema,
    key: exportedSchema,
    versionId: exportedSchema,
    tipKey: exportedSchema,
    bytes: exportedSchema,
  }),
});

export type State = z.infer<typeof stateSchema>;
export type Pulled = z.infer<typeof pulledSchema>;

/** A step's input with this state. */
export const stepSchema = <S extends z.ZodType>(state: S) => z.object({ executionArn: z.string(), state });
