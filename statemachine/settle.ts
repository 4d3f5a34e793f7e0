import { WITH_STATUS } from './approval.ts';
import type { States } from './states.ts';

/**
 * Pushes of a ref that are no further apart are one burst to a rule with `superseded: skip`. The first is built at once.
 * Each other one waits as long, and gives way unless it was the last.
 */
export const SETTLE_SECONDS = 5;

/** The wait of a delivery that follows another one closely. */
export const settleStates: States = {
  Settle: {
    Type: 'Wait',
    Comment: 'More pushes of the ref may come: this one is built if it is the last',
    Seconds: SETTLE_SECONDS,
    Next: 'Settled',
  },
  Settled: { Type: 'Choice', Choices: [WITH_STATUS], Default: 'Pull' },
};
