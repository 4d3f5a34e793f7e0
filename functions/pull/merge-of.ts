/** A pull request whose merge is to be pulled. */
export interface MergeOf {
  readonly number: number;
  /** the commit that is merged */
  readonly head: string;
  /** the branch that it is merged into */
  readonly base: string;
}
