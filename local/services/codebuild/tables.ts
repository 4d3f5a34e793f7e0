import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import type { Collection } from '../../core/store.ts';
import type { Build, StoredBuild } from './build.ts';
import type { Project } from './project.ts';

/** The builds on disk, and the projects of the present template. */
export interface Tables {
  /** by name */
  readonly live: Map<string, Project>;
  /** by the build's id */
  readonly builds: Collection<StoredBuild>;
  /** by `[project, number]`, the build's id */
  readonly numbers: Collection<string>;
  /** by `[start in milliseconds, id]`, of all projects */
  readonly order: Collection<string>;
  /** by `[project, token]`: the build that the token has started, and with which request */
  readonly tokens: Collection<{ readonly id: string; readonly request: string }>;
  /** by the same key as `order`: builds that are not complete, and so are taken up by the next start */
  readonly unfinished: Collection<string>;
}

export function tablesOf({ store }: Cloud): Tables {
  return {
    live: new Map(),
    builds: store.collection('codebuild/builds'),
    numbers: store.collection('codebuild/numbers'),
    order: store.collection('codebuild/order'),
    tokens: store.collection('codebuild/tokens'),
    unfinished: store.collection('codebuild/unfinished'),
  };
}

/** The number of a project's next build. */
export function nextNumber({ numbers }: Tables, project: string): number {
  const [last] = numbers.under([project], { reverse: true, limit: 1 });
  return (Array.isArray(last?.key) ? Number(last.key[1]) : 0) + 1;
}

/** Writes a new build, inside of a transaction of the store. */
export function insert(tables: Tables, stored: StoredBuild): void {
  const { id, projectName, buildNumber } = stored.build;
  void tables.builds.put(id, stored);
  void tables.numbers.put([projectName, buildNumber], id);
  void tables.order.put(orderOf(stored.build), id);
  void tables.unfinished.put(orderOf(stored.build), id);
}

/** Changes a build; on disk when this resolves. */
export async function change(cloud: Cloud, tables: Tables, id: string, part: Partial<Build>): Promise<void> {
  await cloud.store.transaction(() => {
    const stored = storedBuild(tables, id);
    const build = { ...stored.build, ...part };
    void tables.builds.put(id, { ...stored, build });
    if (build.buildComplete) void tables.unfinished.remove(orderOf(build));
  });
  if (part.buildComplete) cloud.ends.tell(id);
}

/** @param name the project's name or ARN. @throws ResourceNotFoundException */
export function projectNamed({ live }: Tables, name: string): Project {
  const project = live.get(projectNameOf(name));
  if (!project) throw new AwsError('ResourceNotFoundException', `there is no build project ${name}`);
  return project;
}

/** The name in a project's name or ARN. */
export function projectNameOf(name: string): string {
  return name.replace(/^arn:.*\//, '');
}

/** @param id the build's id or ARN. @throws ResourceNotFoundException */
export function storedBuild({ builds }: Tables, id: string): StoredBuild {
  const stored = builds.get(idOf(id));
  if (!stored) throw new AwsError('ResourceNotFoundException', `there is no build ${id}`);
  return stored;
}

/** The id in a build's id or ARN. */
export function idOf(id: string): string {
  return id.replace(/^arn:[^/]*:build\//, '');
}

function orderOf({ startTime, id }: Build): [number, string] {
  return [Math.round(startTime * 1000), id];
}
