import * as z from 'zod';

/**
 * A verified delivery, a few hundred bytes, the same shape for every provider. A step or a build may read the delivery
 * that another release wrote, so that members it does not know are dropped.
 */
export const deliverySchema = z.object({
  provider: z.enum(['github']),
  /** the name under which the host stands in the `hosts` setting, for example `github.com` */
  host: z.string().min(1),
  /** the host's own id of the delivery; a redelivery keeps it */
  id: z.string().min(1),
  /** the host's event name, for example `push` */
  event: z.string().min(1),
  repository: z.object({ fullName: z.string(), defaultBranch: z.string().optional() }).optional(),
  /** a full ref, `refs/heads/main` or `refs/tags/v1` */
  ref: z.string().optional(),
  /** the delivered commit; absent on `create`, `delete` and a push that deletes */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)
    .optional(),
  created: z.boolean().optional(),
  deleted: z.boolean().optional(),
  forced: z.boolean().optional(),
  sender: z.string().optional(),
});

export type Delivery = z.infer<typeof deliverySchema>;
