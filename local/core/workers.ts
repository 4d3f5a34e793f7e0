import { availableParallelism } from 'node:os';

/**
 * How many of a function run at once. A worker holds tens of megabytes and mostly waits for this very process: one for
 * each processor, within reason.
 */
export const WORKERS_PER_FUNCTION = Math.min(4, Math.max(2, availableParallelism()));
