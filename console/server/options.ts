import type { RuleProblem } from '../../events/rule-problem.ts';
import type { Connection } from '../../operate/connection/connection.ts';

/** What the console is made from. */
export interface ConsoleOptions {
  /** the deployment that the console shows; it is asked for once, at the first request */
  readonly connection: () => Promise<Connection>;
  /** the page sends this with every request, so that no other page of the browser can drive the console */
  readonly token: string;
  /** the folder of the built page; it is asked for at every request */
  readonly page: () => Promise<string>;
  /** whether the deployment runs on this machine */
  readonly local: boolean;
  /** the problems in the rule files as they are now, where these are watched */
  readonly ruleProblems?: () => readonly RuleProblem[];
}
