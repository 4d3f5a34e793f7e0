import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { type GitConfig, gitEnvironment } from './git-environment.ts';
import { GitFailure } from './git-failure.ts';
import { GitWords } from './git-words.ts';
import { removeLeftLocks } from './left-locks.ts';
import type { Remote } from './remote.ts';
import { newTrace } from './retry-after.ts';

export interface GitOptions {
  /** the repository; none for a command that needs none */
  readonly repo?: Repo;
  /** the remote the command talks to: without one git may use no transport at all */
  readonly remote?: Remote;
  readonly config?: GitConfig;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
}

export interface Repo {
  readonly gitDir: string;
  readonly workTree?: string;
}

/** git with an environment of its own, in which `home` is the only place for settings. */
export class Git {
  constructor(readonly home: string) {}

  /** Runs git to its end: standard output as text. Throws the error that git's standard error names. */
  async run(args: readonly string[], options: GitOptions = {}): Promise<string> {
    return (await this.bytes(args, options)).toString();
  }

  /** `run` for an output with names or content of the repository, which are bytes. */
  async bytes(args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.stream(args, options)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /**
   * Runs git and passes its standard output on as it comes. Ends only when git has ended well: a reader that sees the
   * end has the whole output. A reader that leaves early ends git.
   */
  async *stream(args: readonly string[], options: GitOptions = {}): AsyncGenerator<Buffer> {
    const authorization = (await options.remote?.authorization?.()) ?? [];
    const trace = options.remote?.protocol.startsWith('http') ? await newTrace(this.home) : undefined;
    const child = spawn('git', args, {
      cwd: options.repo?.workTree ?? this.home,
      env: { ...this.environment(options, authorization), ...trace?.env },
    });
    const ended = endOf(child);
    child.stdin.on('error', () => {}); // git that ends before it has read its input says why by its status
    child.stdin.end(options.input ?? '');
    const [command = ''] = args;
    let isEmpty = true;
    try {
      for await (const chunk of child.stdout) {
        isEmpty = false;
        yield chunk;
      }
      const { status, stderr } = await ended;
      if (status === 0 && isEmpty && command === 'ls-remote' && (await trace?.isOfGit()) === false)
        throw new GitFailure({ command, status, stderr: NO_LIST }, options.remote);
      if (status === 0) return;
      if (status > KILLED_ABOVE && options.repo) await removeLeftLocks(options.repo.gitDir);
      const retryAfter = busyAnswer.test(stderr) ? await trace?.retryAfter() : undefined;
      throw new GitFailure({ command, status, stderr, retryAfter }, options.remote);
    } finally {
      child.kill();
      await trace?.remove();
    }
  }

  private environment(
    { repo, remote, config = [], env = {} }: GitOptions,
    authorization: GitConfig,
  ): Record<string, string> {
    const all = [...(remote?.config ?? []), ...authorization, ...config];
    return {
      ...gitEnvironment(this.home, remote ? [remote.protocol] : [], all),
      // never found by looking around: a repository is the one we name
      ...(repo ? { GIT_DIR: repo.gitDir } : { GIT_DIR: join(this.home, 'no-repository') }),
      ...(repo?.workTree ? { GIT_WORK_TREE: repo.workTree } : {}),
      ...remote?.env,
      ...env,
    };
  }
}

/** A signal ended git: 129 is its own status for a wrong option. */
const KILLED_ABOVE = 129;

/** git takes a page without a line end, such as a load balancer's, for the list of a repository without refs. */
const NO_LIST = 'info/refs not valid: the answer is not that of a git server';

/** Answers that may say when to come again. */
const busyAnswer = /returned error: (429|503)/;

async function endOf(child: ChildProcessWithoutNullStreams): Promise<{ status: number; stderr: string }> {
  const words = new GitWords();
  child.stderr.setEncoding('utf8').on('data', (text: string) => words.add(text));
  const status = await new Promise<number>((resolve) => {
    // as a shell has it
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    child.once('error', (error) => {
      words.add(`${error.message}; install git in the build's image\n`);
      resolve(127);
    });
  });
  return { status, stderr: words.end() };
}
