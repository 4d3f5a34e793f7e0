import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { execa } from 'execa';
import { hostsSchema } from '../../../events/hosts.ts';
import { pullOptionsSchema } from '../../../events/pull-options.ts';
import { Git } from '../../../functions/pull/git.ts';
import type { PullInput } from '../../../functions/pull/input.ts';
import type { PullContext } from '../../../functions/pull/pull-context.ts';
import type { Access, Remote } from '../../../functions/pull/remote.ts';
import { createRepository, type Repository } from '../repository.ts';

/** The repositories of a host in a folder, which git reads without a server, and what the steps of a pull share. */
export interface Here {
  readonly git: Git;
  /** git's folder of the pull */
  readonly home: string;
  /** a work tree of `acme/app`, the delivery's repository */
  readonly app: Repository;
  readonly remote: Remote;
  readonly access: Access;
  /** a work tree of another repository of the host, which it pushes to by `origin` */
  repository(name: string): Promise<Repository>;
  context(input?: Partial<PullInput>): PullContext;
  close(): Promise<void>;
}

/** Commits files, pushes, and returns the commit. */
export async function pushed(
  repository: Repository,
  files: Readonly<Record<string, string>>,
  ref = 'refs/heads/main',
  message = 'Change',
): Promise<string> {
  const commit = await repository.commit(files, message);
  await repository.git('push', '--quiet', '--force', 'origin', `HEAD:${ref}`);
  return commit;
}

export async function openHere(): Promise<Here> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'hookline-pull-here-')));
  const home = join(folder, 'home');
  await mkdir(home);
  const made: Repository[] = [];
  const repository = async (name: string) => {
    const bare = join(folder, 'host', `${name}.git`);
    await execa('git', ['init', '--quiet', '--bare', bare]);
    for (const setting of ['allowFilter', 'allowAnySHA1InWant'])
      await execa('git', ['-C', bare, 'config', `uploadpack.${setting}`, 'true']);
    const created = await createRepository();
    made.push(created);
    await created.git('remote', 'add', 'origin', bare);
    return created;
  };
  const base = `file://${folder}/host`;
  const { git: host } = hostsSchema.parse({ git: { provider: 'github', url: 'https://git.example.com' } });
  if (!host) throw new Error('there is no host');
  const remoteOf = (fullName: string): Remote => ({
    url: `${base}/${fullName}.git`,
    protocol: 'file',
    config: [],
    env: {},
    credential: '"git" in the credentials secret',
  });
  const access = { host, base, remote: remoteOf };
  const git = new Git(home);
  const remote = remoteOf('acme/app');
  return {
    ...{ git, home, remote, access, repository },
    app: await repository('acme/app'),
    context: (input) => ({ input: inputOf(input), git, access, remote }),
    close: async () => {
      await Promise.all(made.map((each) => each.remove()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Writes an object as it is, which git itself might not write, and returns its id. */
export function writeObject(gitDir: string, type: string, content: string | Buffer): string {
  const bytes = Buffer.concat([Buffer.from(`${type} ${Buffer.byteLength(content)}\0`), Buffer.from(content)]);
  const id = createHash('sha1').update(bytes).digest('hex');
  const folder = join(gitDir, 'objects', id.slice(0, 2));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, id.slice(2)), deflateSync(bytes));
  return id;
}

/** An entry of a tree. */
export const treeEntry = (mode: string, name: string | Buffer, id: string): Buffer =>
  Buffer.concat([Buffer.from(`${mode} `), Buffer.from(name), Buffer.alloc(1), Buffer.from(id, 'hex')]);

/** A push to main. */
export const inputOf = (input: Partial<PullInput> = {}): PullInput => ({
  repository: { host: 'git', fullName: 'acme/app' },
  options: pullOptionsSchema.parse({}),
  ref: 'refs/heads/main',
  delivered: undefined,
  before: undefined,
  base: undefined,
  defaultBranch: 'main',
  asked: { values: [] },
  mergeOf: undefined,
  ofFork: false,
  deliveryId: 'd1',
  bucket: 'bucket',
  exports: '',
  ...input,
});
