/** The path of a value in a rule: `['match', 'event', 0]`; `[]` for the whole rule, `['name']` for the file's name. */
export type RulePath = readonly (string | number)[];

/** A problem in a rule's file, with its place; line and column count from 1. */
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
