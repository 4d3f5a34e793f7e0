import type { Connection } from '../../operate/connection/connection.ts';
import type { RuleProblem } from '../api.ts';

/** What the console is made from. */
export interface ConsoleOptions {
  /** the deployment that is shown; asked for once, at the first request */
  readonly connection: () => Promise<Connection>;
  /** what the page must know to be answered, so that no other page of the browser can drive it */
  readonly token: string;
  /** the folder of the built page; asked for at every request */
  readonly page: () => Promise<string>;
  /** whether the deployment runs on this machine */
  readonly local: boolean;
  /** what is wrong in the files of rules now; for whoever watches them */
  readonly ruleProblems?: () => readonly RuleProblem[];
}
