import * as z from 'zod';
import { reconcileRequestSchema } from '../../statemachine/reconcile.ts';
import { logged } from '../shared/logged.ts';
import { reconcile } from './reconcile.ts';

const scheduledSchema = z
  .object({ 'detail-type': z.literal('Scheduled Event') })
  .transform(() => ({ by: 'schedule' as const, dryRun: false, after: undefined }));
const eventSchema = z.union([scheduledSchema, reconcileRequestSchema]);

/** Reconcile: fetches what a git host never sends again, by its schedule and for an operator. Throws `Misconfigured`. */
export const handler = logged('reconcile', (event) => reconcile(eventSchema.parse(event)));
