import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { bundle, removeBundles } from '../../../infra/bundle.ts';
import { type GitHttp, serveGit } from '../git-http.ts';
import { environmentOfMutants } from '../mutants/rooms/programs.ts';
import { createRepository, type Repository } from '../repository.ts';
import { type Aws, startAws } from './pull-aws.ts';

export const token = 'token-that-nobody-may-see';

/** One run of the program, as the build runs it. */
export interface Run {
  readonly status: number;
  /** standard output and standard error */
  readonly output: string;
  /** what bash has in its environment after sourcing the exports, without the prefix */
  readonly exports: Record<string, string>;
  /** what was left in the temporary folder */
  readonly left: string[];
}

export interface Delivery {
  readonly ref?: string;
  readonly commit?: string | undefined;
  readonly repository?: string;
  readonly pull?: {
    submodules?: boolean | { from: string[] };
    lfs?: boolean;
    path?: string;
    git?: boolean | { depth?: number | 'full'; tags?: boolean };
  };
  readonly host?: string;
  readonly id?: string;
  /** further members of the delivery */
  readonly more?: object;
  /** what is asked for beside the artifact */
  readonly asked?: object;
}

/** A git host with `acme/app`, the AWS services, and the bundled program. */
export interface Bench {
  readonly aws: Aws;
  readonly host: GitHttp;
  /** the folder with the bare repositories */
  readonly root: string;
  readonly folder: string;
  readonly app: Repository;
  /** another repository of the host, pushed to by its `origin` */
  repository(name: string): Promise<Repository>;
  run(delivery: Delivery, env?: Record<string, string>, cancelSignal?: AbortSignal): Promise<Run>;
  close(): Promise<void>;
}

/** @param tls what the host shows over HTTPS */
export async function openBench(tls?: { cert: string; key: string }): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-pull-test-'));
  const root = join(folder, 'repositories');
  const [aws, host] = await Promise.all([startAws(), serveGit(root, token, tls)]);
  const program = join(bundle({ entry: 'pull/index.ts', target: 'node22' }), 'index.mjs');
  aws.hosts = { git: { provider: 'github', url: host.url } };
  aws.credentials = { git: { token } };
  const made: Repository[] = [];
  const repository = async (name: string) => {
    const bare = join(root, `${name}.git`);
    await execa('git', ['init', '--quiet', '--bare', bare]);
    const created = await createRepository();
    made.push(created);
    await created.git('remote', 'add', 'origin', bare);
    return created;
  };
  return {
    aws,
    host,
    root,
    folder,
    repository,
    app: await repository('acme/app'),
    run: (delivery, env = {}, cancelSignal) =>
      run({ folder, program, endpoint: aws.endpoint, cancelSignal }, delivery, env),
    close: async () => {
      await Promise.all([aws.close(), host.close(), ...made.map((one) => one.remove())]);
      await rm(folder, { recursive: true, force: true });
      removeBundles();
    },
  };
}

interface Place {
  readonly folder: string;
  readonly program: string;
  readonly endpoint: string;
  readonly cancelSignal: AbortSignal | undefined;
}

async function run(
  { folder, program, endpoint, cancelSignal }: Place,
  {
    ref = 'refs/heads/main',
    commit,
    repository = 'acme/app',
    pull = {},
    host = 'git',
    id = 'd1',
    more = {},
    asked = {},
  }: Delivery,
  env: Record<string, string>,
): Promise<Run> {
  const own = await mkdtemp(join(folder, 'run-'));
  const temporary = join(own, 'tmp');
  const exports = join(own, 'exports');
  await mkdir(temporary);
  const delivery = {
    provider: 'github',
    host,
    id,
    event: 'push',
    ref,
    commit,
    repository: { fullName: repository, defaultBranch: 'main' },
    ...more,
  };
  const { exitCode, all } = await execa(process.execPath, [program], {
    reject: false,
    all: true,
    ...(cancelSignal && { cancelSignal }),
    extendEnv: false,
    env: {
      PATH: process.env.PATH ?? '',
      TMPDIR: temporary,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ARTIFACT_BUCKET: 'bucket',
      REFS_TABLE: 'refs',
      HOSTS_PARAMETER: 'hosts',
      HOOKLINE_EXPORTS: exports,
      HOOKLINE_DELIVERY: JSON.stringify(delivery),
      HOOKLINE_PULL: JSON.stringify(pull),
      HOOKLINE_ASKED: JSON.stringify(asked),
      ...environmentOfMutants(),
      ...env,
    },
  });
  const written = exitCode === 0 ? await sourced(exports) : {};
  return { status: exitCode ?? -1, output: all, exports: written, left: await readdir(temporary) };
}

/** What the buildspec's shell has after it has sourced the file. */
async function sourced(path: string): Promise<Record<string, string>> {
  const { stdout } = await execa('bash', ['-c', '. "$1" && env -0', 'bash', path], {
    stdin: 'ignore', // bash takes a socket for a login from afar, and reads its start-up files
    extendEnv: false,
    env: { PATH: process.env.PATH },
  });
  const pairs = stdout.split('\0').filter((pair) => pair.startsWith('HOOKLINE_'));
  return Object.fromEntries(pairs.map((pair) => /^HOOKLINE_(\w+)=(.*)$/s.exec(pair)?.slice(1, 3) ?? []));
}

/** Every file below a folder that holds `text`. */
export async function filesWith(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found = await Promise.all(
    files.map(async (file) => ((await readFile(file)).includes(text) ? [file] : [])),
  );
  return found.flat();
}
