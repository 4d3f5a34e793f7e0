import * as z from 'zod';

/** What the names of the executions and the ids of the deliveries begin with that Reconcile starts. */
export const RECONCILE_PREFIX = 'reconcile-';

/** What an operator asks of Reconcile; by its schedule it gets EventBridge's event. */
export const reconcileRequestSchema = z.strictObject({
  by: z.literal('operator'),
  /** only tells what would be done */
  dryRun: z.boolean(),
  /** goes on behind this repository, as the answer before named it */
  after: z.string().default(''),
});

export type ReconcileRequest = z.input<typeof reconcileRequestSchema>;

const behindSchema = z.object({
  host: z.string(),
  repository: z.string(),
  ref: z.string(),
  /** what the host has there; absent for a ref that is gone */
  commit: z.string().optional(),
  rule: z.string(),
  /** the id of the delivery that was started, or would be */
  deliveryId: z.string(),
});

const failedSchema = z.object({
  host: z.string(),
  /** the repository or the organisation whose webhook it is, or `the App` */
  of: z.string(),
  event: z.string(),
  deliveryId: z.string(),
  /** the host's words for how it failed */
  status: z.string(),
});

/** What Reconcile did or, in a dry run, would do. */
export const reconcileReportSchema = z.object({
  /** how many repositories it has looked at */
  looked: z.number(),
  /** refs whose pointer is not what the host has: a delivery was started for each of their rules */
  behind: z.array(behindSchema),
  /** deliveries that failed at the door: the host was asked to send them again */
  failed: z.array(failedSchema),
  /** what could not be looked at, and why */
  problems: z.array(z.string()),
  /** the last repository it has looked at; absent when it has looked at all */
  after: z.string().optional(),
});

export type ReconcileReport = z.infer<typeof reconcileReportSchema>;
export type Behind = z.infer<typeof behindSchema>;
export type FailedDelivery = z.infer<typeof failedSchema>;
