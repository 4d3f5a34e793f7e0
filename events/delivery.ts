import * as z from 'zod';
import { approvalSchema, pullRequestSchema } from './pull-request.ts';

/**
 * A verified delivery, a few hundred bytes, the same shape for every provider. A step or a build may read the delivery
 * that another release wrote, so that members it does not know are dropped.
 */
export const deliverySchema = z.object({
  /** the name of a provider in `events/providers/`; another release may know more of them */
  provider: z.string().min(1),
  /** the name under which the host stands in the `hosts` setting, for example `github.com` */
  host: z.string().min(1),
  /** the host's own id of the delivery, which a redelivery keeps */
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
  /** the commit that the ref was at before a push; absent for a new ref, and where the host does not say */
  before: z.string().optional(),
  /** the host's own time of a push, in epoch seconds */
  pushedAt: z.number().optional(),
  created: z.boolean().optional(),
  deleted: z.boolean().optional(),
  forced: z.boolean().optional(),
  sender: z.string().optional(),
  /** the pull request that a `pull_request` event is about */
  pullRequest: pullRequestSchema.optional(),
  /** what a comment or a label on a pull request asks for */
  approval: approvalSchema.optional(),
});

export type Delivery = z.infer<typeof deliverySchema>;
