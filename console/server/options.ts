import type { RuleProblem } from '../../events/rule-problem.ts';
import type { Connection } from '../../operate/connection/connection.ts';

/** The parts that the console is mounted with. */
export interface ConsoleOptions {
  /** connects to the deployment that the console shows; called once, at the first request */
  readonly connection: () => Promise<Connection>;
  /** the secret that the page sends with every request, so that no other page of the browser can use the console */
  readonly token: string;
  /** gives the folder of the built page; called at every request */
  readonly page: () => Promise<string>;
  /** whether the deployment runs on this machine */
  readonly local: boolean;
  /** gives the present problems of the rule files, where the files are watched */
  readonly ruleProblems?: () => readonly RuleProblem[];
  /**
   * writes a new rule file where the files are watched, and gives its path
   * @throws for a name that has a file already
   */
  readonly saveRule?: ((name: string, text: string) => Promise<string>) | undefined;
}
