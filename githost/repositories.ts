import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { readJson, writeJson } from './files.ts';
import type { Git } from './git.ts';

export const DEFAULT_BRANCH = 'main';

/** A bare repository of the host. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
  /** `owner/name` */
  readonly fullName: string;
  readonly folder: string;
}

const timesSchema = z.object({ createdAt: z.string(), pushedAt: z.string().nullable() });
const parentSchema = z.object({ parent: z.string() });

/** ISO times; `pushedAt` is null before the first push. */
export type RepositoryTimes = z.infer<typeof timesSchema>;

export interface Repositories {
  /** the repository of that name, whether it exists or not; undefined when no repository may have the name */
  named(owner: string, name: string): Repository | undefined;
  find(owner: string, name: string): Repository | undefined;
  /** makes the repository when it is not there */
  make(repository: Repository): Promise<void>;
  all(): Repository[];
  times(repository: Repository): RepositoryTimes;
  pushed(repository: Repository, at: Date): Promise<void>;
  /** makes a copy of a repository, when it is not there */
  fork(parent: Repository, fork: Repository): Promise<void>;
  /** `owner/name` of the repository that this one is a fork of */
  parentOf(repository: Repository): string | undefined;
  /** an owner's fork of a repository */
  forkOf(parent: Repository, owner: string): Repository | undefined;
}

const PART = /^[A-Za-z0-9_.-]{1,100}$/;

export function createRepositories(directory: string, git: Git): Repositories {
  const root = join(directory, 'repositories');
  const exists = ({ folder }: Repository): boolean => existsSync(join(folder, 'HEAD'));
  const named = (owner: string, name: string): Repository | undefined => {
    if (![owner, name].every((part) => PART.test(part) && part !== '.' && part !== '..')) return undefined;
    // The first is the path of the API, and a clone URL may leave the suffix out.
    if ((owner === 'api' && name === 'v3') || name.endsWith('.git')) return undefined;
    return { owner, name, fullName: `${owner}/${name}`, folder: join(root, owner, `${name}.git`) };
  };
  const find = (owner: string, name: string): Repository | undefined => {
    const repository = named(owner, name);
    return repository && exists(repository) ? repository : undefined;
  };
  const all = (): Repository[] =>
    entries(root).flatMap((owner) =>
      entries(join(root, owner)).flatMap((name) => find(owner, name.replace(/\.git$/, '')) ?? []),
    );
  const parentOf = ({ folder }: Repository): string | undefined => {
    const json = readJson(parentFile(folder));
    return json === undefined ? undefined : parentSchema.parse(json).parent;
  };
  return {
    named,
    find,
    all,
    parentOf,
    forkOf: (parent, owner) =>
      all().find((each) => each.owner === owner && parentOf(each) === parent.fullName),
    fork: async (parent, fork) => {
      if (!exists(fork)) await make(git, root, fork, parent);
    },
    make: async (repository) => {
      if (!exists(repository)) await make(git, root, repository);
    },
    times: ({ folder }) => timesSchema.parse(readJson(timesFile(folder))),
    pushed: async ({ folder }, at) => {
      const times = timesSchema.parse(readJson(timesFile(folder)));
      await writeJson(timesFile(folder), { ...times, pushedAt: at.toISOString() });
    },
  };
}

const timesFile = (folder: string): string => join(folder, 'hookline', 'times.json');
const parentFile = (folder: string): string => join(folder, 'hookline', 'fork.json');
const entries = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

/**
 * Makes the repository aside and moves it into its place, so that nobody ever finds half of one.
 * @param parent the repository that it is a copy of
 */
async function make(
  git: Git,
  root: string,
  { owner, folder }: Repository,
  parent?: Repository,
): Promise<void> {
  await mkdir(join(root, owner), { recursive: true });
  const draft = join(root, '..', 'drafts', randomUUID());
  await mkdir(draft, { recursive: true });
  try {
    await git.run(draft, 'init', '--quiet', '--bare', '--template=', `--initial-branch=${DEFAULT_BRANCH}`);
    await writeJson(timesFile(draft), { createdAt: new Date().toISOString(), pushedAt: null });
    if (parent) {
      const refs = ['refs/heads/*:refs/heads/*', 'refs/tags/*:refs/tags/*'];
      await git.run(draft, 'fetch', '--quiet', '--no-write-fetch-head', parent.folder, ...refs);
      await writeJson(parentFile(draft), { parent: parent.fullName });
    }
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
