import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { join, relative } from 'node:path';
import { checkRules, ruleFiles } from '../../events/rule-file.ts';
import { problemText, type RuleProblem } from '../../events/rule-problem.ts';
import { seconds } from './progress.ts';

export interface LiveRulesOptions {
  /** the folder of rule files */
  readonly folder: string;
  /** what the paths in problems are relative to */
  readonly root: string;
  /** what the folder held when the deployment that runs was made of it: its `fingerprint` */
  readonly inForce: string;
  /** puts the folder's rules in force */
  apply(): Promise<void>;
  /** one line for the terminal */
  say(text: string): void;
}

/** The rules of a folder, put in force whenever they change. */
export interface LiveRules {
  /** what is wrong in the folder as it is now; while that is so, the last good rules are in force */
  problems(): readonly RuleProblem[];
  /** when a change that is being put in force is done with */
  close(): Promise<void>;
}

// An editor writes a file in several steps, and git a folder in several files.
const QUIET_MS = 150;

export function watchRules({ folder, root, inForce, apply, say }: LiveRulesOptions): LiveRules {
  let problems: readonly RuleProblem[] = [];
  let [applied, seen] = [inForce, inForce];
  let names = checkRules(folder, root).rules.map(({ name }) => name);
  let open = true;
  let timer: NodeJS.Timeout | undefined;
  let settled = Promise.resolve();

  const wrong = (found: readonly RuleProblem[]): void => {
    problems = found;
    say([...found.map(problemText), `these rules stay in force: ${names.join(', ')}`].join('\n'));
  };
  const take = async (): Promise<void> => {
    const began = Date.now();
    const { rules, problems: found } = checkRules(folder, root);
    if (found.length > 0) return wrong(found);
    if (seen !== applied) await apply();
    applied = seen;
    problems = [];
    names = rules.map(({ name }) => name);
    say(`rules in force: ${names.join(', ')} (${seconds(Date.now() - began)})`);
  };
  const settle = async (): Promise<void> => {
    while (open) {
      try {
        const now = fingerprint(folder);
        if (now === seen) return;
        seen = now;
        say(`a change in ${relative(root, folder)}: checking and synthesizing`);
        await take();
      } catch (error) {
        wrong([{ file: relative(root, folder), line: 1, column: 1, message: messageOf(error) }]);
      }
    }
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      settled = settled.then(settle);
    }, QUIET_MS);
  };
  const watcher = watched(folder, soon);
  watcher.on('error', (error) => say(`${folder} is no longer watched: ${error.message}; start again`));
  // What changed before the watch began.
  soon();
  return {
    problems: () => problems,
    close: async () => {
      open = false;
      clearTimeout(timer);
      watcher.close();
      await settled;
    },
  };
}

const watched = (folder: string, changed: () => void): FSWatcher => watch(folder, changed);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The same for the same rule files. */
export function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  for (const file of ruleFiles(folder))
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update('\0');
  return hash.digest('hex');
}
