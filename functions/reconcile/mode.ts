/** How a run looks. */
export interface Mode {
  /** whether nothing is started or kept */
  readonly dryRun: boolean;
  /** whether a change is left to its own delivery for a while */
  readonly patient: boolean;
  /** `Date.now()` from which on nothing more is begun */
  readonly deadline: number;
}
