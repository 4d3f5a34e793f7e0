import { constants } from 'node:os';
import { errors, HooklineError } from '../shared/errors.ts';
import { retryAfterText } from '../shared/retry-after-text.ts';
import { type FailureReading, failureReadings } from './git-messages.ts';
import { printable } from './log.ts';
import type { Remote } from './remote.ts';

/** git that ended badly: its command, its status and its (redacted) last words. */
export interface GitExit {
  readonly command: string;
  /** as a shell has it: 128 and the signal's number for one that a signal ended */
  readonly status: number;
  readonly stderr: string;
  /** how long the host wants to be left alone, in seconds */
  readonly retryAfter?: number | undefined;
}

/** An error that git's last words name; `PullFailed` with those words when they name none. */
export class GitFailure extends HooklineError {
  readonly status: number;
  /** whether the same command may succeed in a moment */
  readonly transient: boolean;
  /** how long the host wants to be left alone, in seconds */
  readonly retryAfter: number | undefined;

  constructor(exit: GitExit, remote?: Remote) {
    const url = remote?.url ?? 'the repository';
    // a repository may be called "certificate"
    const words = exit.stderr.replaceAll(url, '');
    const reading =
      killedBySignal(exit) ?? failureReadings.find(({ when }) => when.test(words)) ?? unknownFailure(exit);
    const advice = reading.advice(url, remote?.credential ?? 'the credentials secret', remote?.trust);
    const rest = exit.retryAfter === undefined ? '' : `; ${retryAfterText(exit.retryAfter)}`;
    const said = printable(exit.stderr.replaceAll('\n', '; ')).slice(-maxMessageLength) || 'no words';
    super(reading.name, `${advice}${rest} (git: ${said})`);
    this.status = exit.status;
    this.transient = reading.transient === true;
    this.retryAfter = exit.retryAfter;
  }
}

/** How much of git's words a message carries. */
const maxMessageLength = 500;

/** What git says of a program of its own; what the host says of one begins with `remote:`. */
const diedOfSignal = /^(?!remote:).*died of signal (\d+)/m;

/** git, or a program that git ran, which a signal has ended. */
function killedBySignal({ command, status, stderr }: GitExit): FailureReading | undefined {
  // 129 is git's own status for a wrong option
  const number = status > 129 ? status - 128 : Number(diedOfSignal.exec(stderr)?.[1]);
  const signal = Object.entries(constants.signals).find(([, known]) => known === number)?.[0];
  if (!signal) return undefined;
  const why = signal === 'SIGKILL' ? ', as happens when the build has no memory left' : '';
  return {
    when: /./,
    name: errors.gitKilled,
    advice: () =>
      `git ${command} was ended by ${signal}${why}; if it happens again, give the rule \`pull: { compute: ec2 }\`, whose memory is larger`,
    transient: true,
  };
}

function unknownFailure({ command, status }: GitExit): FailureReading {
  return {
    when: /./,
    name: errors.pullFailed,
    advice: () => `git ${command} ended with status ${status}; see its words`,
  };
}
