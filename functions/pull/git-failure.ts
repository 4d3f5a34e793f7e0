import { type ErrorName, errors, HooklineError } from '../shared/errors.ts';
import { printable } from './log.ts';
import type { Remote } from './remote.ts';

/** git that ended badly: its command, its status and its (redacted) last words. */
export interface GitExit {
  readonly command: string;
  readonly status: number;
  readonly stderr: string;
}

interface Reading {
  readonly when: RegExp;
  readonly name: ErrorName;
  readonly advice: (remote: string, credential: string) => string;
  /** worth another try: the same command may well succeed in a moment */
  readonly transient?: true;
}

/** What git, curl, ssh and git-lfs say under LC_ALL=C, the telling lines first: ssh ends every failure with "hung up". */
const readings: readonly Reading[] = [
  {
    when: /No space left on device|Disk quota exceeded/i,
    name: errors.diskFull,
    advice: () => 'the build has no room left; give the rule `pull: { compute: ec2 }`, whose disk is larger',
  },
  {
    when: /not our ref|unadvertised object|did not send all necessary objects|find remote ref|missing blob|not a valid object name/i,
    name: errors.commitUnreachable,
    advice: (remote) =>
      `the commit is not at ${remote} any more; it was likely rewritten by a forced push: push again`,
  },
  {
    when: /Host key verification failed|host key is known|REMOTE HOST IDENTIFICATION HAS CHANGED/i,
    name: errors.credentialRefused,
    advice: (remote, credential) =>
      `the host key of ${remote} is not the pinned one; correct knownHosts in ${credential}`,
  },
  {
    when: /could not read (Username|Password)|Authentication failed|returned error: 40[137]|Permission denied \(|error in libcrypto|invalid format/i,
    name: errors.credentialRefused,
    advice: (remote, credential) =>
      `${remote} refused the credential; check that ${credential} is valid, not expired and may read it`,
  },
  {
    when: /returned error: 30\d|redirect/i,
    name: errors.repositoryMissing,
    advice: (remote) =>
      `${remote} answered with a redirect, which is not followed; correct the repository's name or the host's url`,
  },
  {
    when: /Object does not exist on the server|external filter|smudge filter|git-lfs|Error downloading object/i,
    name: errors.lfsMissing,
    advice: (remote) => `an LFS object could not be had from ${remote}; push it with: git lfs push --all`,
  },
  {
    when: /repository .*not found|Repository not found|returned error: 404|does not appear to be a git repository|project you were looking for/i,
    name: errors.repositoryMissing,
    advice: (remote, credential) =>
      `${remote} was not found; GitHub also answers 404 where a token is missing or may not read it: check its name and ${credential}`,
  },
  {
    when: /Temporary failure in name resolution|Try again/i,
    name: errors.hostUnknown,
    advice: (remote) => `the name of ${remote} could not be resolved just now; check the build's DNS`,
    transient: true,
  },
  {
    when: /Could not resolve host|Name or service not known|No address associated/i,
    name: errors.hostUnknown,
    advice: (remote) =>
      `the name of ${remote} does not resolve; correct the host's url, or run the build inside its network`,
  },
  {
    when: /certificate|SSL_ERROR|SSL routines/i,
    name: errors.hostUnreachable,
    advice: (remote) =>
      `the TLS certificate of ${remote} is not trusted; use one whose authority the build's image knows`,
  },
  {
    when: /Failed to connect|Couldn't connect|Connection (refused|timed out|reset|closed)|timed out|too slow|early EOF|RPC failed|unexpected disconnect|hung up|returned error: (429|5\d\d)|unreachable|No route to host|Empty reply/i,
    name: errors.hostUnreachable,
    advice: (remote) =>
      `${remote} could not be reached; check that it is up and that the build's network leads to it`,
    transient: true,
  },
];

/** An error that git's last words name; `PullFailed` with those words when they name none. */
export class GitFailure extends HooklineError {
  readonly status: number;
  /** whether the same command may succeed in a moment */
  readonly transient: boolean;

  constructor(exit: GitExit, remote?: Remote) {
    const url = remote?.url ?? 'the repository';
    // a repository may be called "certificate"
    const words = exit.stderr.replaceAll(url, '');
    const reading = readings.find(({ when }) => when.test(words));
    const advice =
      reading?.advice(url, remote?.credential ?? 'the credentials secret') ??
      `git ${exit.command} ended with status ${exit.status}; see its words`;
    const said = printable(exit.stderr.replaceAll('\n', '; ')).slice(-maxSaid);
    super(reading?.name ?? errors.pullFailed, `${advice} (git: ${said})`);
    this.status = exit.status;
    this.transient = reading?.transient === true;
  }
}

/** How much of git's words a message carries. */
const maxSaid = 500;
