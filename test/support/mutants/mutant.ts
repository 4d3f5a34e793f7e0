/** A guard with a fault in it, which a test has to find. */
export interface Mutant {
  /** what the code does then */
  readonly what: string;
  /** from the repository's root */
  readonly file: string;
  /** stands once in the file */
  readonly text: string;
  readonly instead: string;
  /** the test file that fails with it */
  readonly test: string;
}
