import { createHash } from 'node:crypto';
import { existsSync, type FSWatcher, readFileSync, statSync, watch } from 'node:fs';
import { join, relative } from 'node:path';
import { checkRules, ruleFiles } from '../../events/rule-file.ts';
import { problemText, type RuleProblem } from '../../events/rule-problem.ts';
import { seconds } from './progress.ts';

export interface LiveRulesOptions {
  /** the folder of rule files */
  readonly folder: string;
  /** the folder to which the paths in problems are relative */
  readonly root: string;
  /** the `fingerprint` of the folder when the deployment that runs was made of it */
  readonly inForce: string;
  /** puts the folder's rules in force; the signal says that nobody waits for them any more */
  apply(signal: AbortSignal): Promise<void>;
  /** one line for the terminal */
  say(text: string): void;
}

/** The rules of a folder, put in force whenever they change. */
export interface LiveRules {
  /** the problems of the folder as it is now; as long as there are any, the last good rules are in force */
  problems(): readonly RuleProblem[];
  /** gives up a change that is being put in force, and waits for its end */
  close(): Promise<void>;
}

// An editor writes a file in several steps, and git a folder in several files.
const QUIET_MS = 150;
// The pause between two looks for a folder that is gone.
const GONE_MS = 1000;

export function watchRules({ folder, root, inForce, apply, say }: LiveRulesOptions): LiveRules {
  let problems: readonly RuleProblem[] = [];
  let [appliedFingerprint, seenFingerprint] = [inForce, inForce];
  let names = checkRules(folder, root).rules.map(({ name }) => name);
  const closing = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let following = Promise.resolve();

  const reportProblems = (present: readonly RuleProblem[]): void => {
    problems = present;
    say([...present.map(problemText), `these rules stay in force: ${names.join(', ')}`].join('\n'));
  };
  const applyRules = async (): Promise<void> => {
    const began = Date.now();
    if (!existsSync(folder)) throw new Error('the folder is gone: make it again');
    const { rules, problems: present } = checkRules(folder, root);
    if (present.length > 0) return reportProblems(present);
    if (seenFingerprint !== appliedFingerprint) await apply(closing.signal);
    appliedFingerprint = seenFingerprint;
    problems = [];
    names = rules.map(({ name }) => name);
    say(`rules in force: ${names.join(', ')} (${seconds(Date.now() - began)})`);
  };
  const followChanges = async (): Promise<void> => {
    watched.follow();
    while (!closing.signal.aborted) {
      try {
        const now = fingerprint(folder);
        if (now === seenFingerprint) return;
        seenFingerprint = now;
        say(`a change in ${relative(root, folder) || '.'}: checking and synthesizing`);
        await applyRules();
      } catch (error) {
        if (closing.signal.aborted) return;
        reportProblems([
          { file: relative(root, folder) || '.', line: 1, column: 1, path: [], message: messageOf(error) },
        ]);
      }
    }
  };
  const schedule = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      following = following.then(followChanges);
    }, QUIET_MS);
  };
  const watched = watchFolder(folder, schedule, say);
  // The folder may have changed before the watch began.
  schedule();
  return {
    problems: () => problems,
    close: async () => {
      closing.abort();
      clearTimeout(timer);
      watched.close();
      await following;
    },
  };
}

/**
 * Watches a folder, also one that is made anew under its name, as by a checkout: to the system that is another folder.
 * @param changed called for every change, and again and again while there is no such folder
 */
function watchFolder(folder: string, changed: () => void, say: (text: string) => void) {
  let watched: { readonly watcher: FSWatcher; readonly inode: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const follow = (): void => {
    const inode = statSync(folder, { throwIfNoEntry: false })?.ino;
    if (closed || (watched !== undefined && watched.inode === inode)) return;
    watched?.watcher.close();
    watched = undefined;
    if (inode === undefined) {
      timer = setTimeout(changed, GONE_MS);
      return;
    }
    const watcher = watch(folder, changed);
    watcher.on('error', (error) => say(`${folder} is no longer watched: ${error.message}; start again`));
    watched = { watcher, inode };
  };
  follow();
  return {
    /** watches the folder that has the name at present */
    follow,
    close: (): void => {
      closed = true;
      clearTimeout(timer);
      watched?.watcher.close();
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A hash of a folder's rule files; `''` for a folder that is not there. */
export function fingerprint(folder: string): string {
  if (!existsSync(folder)) return '';
  const hash = createHash('sha256');
  for (const file of ruleFiles(folder))
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update('\0');
  return hash.digest('hex');
}
