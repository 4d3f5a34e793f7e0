/** Where in a rule something stands: `['match', 'event', 0]`; `[]` for the whole, `['name']` for the file's name. */
export type RulePath = readonly (string | number)[];

/** What is wrong in a rule's file, and where; line and column count from 1. */
export interface RuleProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: RulePath;
  readonly message: string;
}

/** `events/rules/acme.yaml:4:1: what is wrong`, which terminals and editors make a link of. */
export function problemText({ file, line, column, message }: RuleProblem): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** Rule files that cannot be taken: every problem of each. */
export class RuleFileError extends Error {
  override readonly name = 'RuleFileError';

  constructor(readonly problems: readonly RuleProblem[]) {
    super(problems.map(problemText).join('\n'));
  }
}
