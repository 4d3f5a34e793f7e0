/** A row of docs/reliability.md, which a test of test/e2e makes come true. */
export interface Row {
  readonly what: string;
  readonly outcome: string;
  /** the name of why, where the outcome is a failure */
  readonly error?: string;
  /** how many builds pulled, where it is not one */
  readonly builds?: number;
}

/** The rows as a table of Markdown. */
export const tableOf = (head: string, rows: readonly Row[]): string =>
  [`| ${head} | the delivery ends in | builds |`, '| --- | --- | --- |', ...rows.map(lineOf)]
    .map((line) => `${line}\n`)
    .join('');

const lineOf = ({ what, outcome, error, builds = 1 }: Row): string =>
  `| ${what} | \`${outcome}\`${error === undefined ? '' : `, \`${error}\``} | ${builds} |`;
