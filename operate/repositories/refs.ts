import * as z from 'zod';
import { pipelineRunId, startsId } from '../../statemachine/record-ids.ts';
import type { Connection } from '../connection/connection.ts';
import { recordsOf } from '../connection/records.ts';
import { type Artifact, listArtifacts } from '../deliveries/artifacts.ts';

/** A repository: its host as in the settings, and its name there as `owner/name`. */
export interface RepositoryName {
  readonly host: string;
  readonly repository: string;
}

/** What a ref points to, for one set of pull options: the artifact of the newest commit. */
export interface RefPointer extends Pointer {
  /** `''` where no record tells of it */
  readonly commit: string;
  /** what was started for the ref: of each pipeline the last start on this commit, else the last of all */
  readonly pipelines: readonly StartedPipeline[];
}

interface Pointer {
  /** in the bucket, which is the id of the ref's record too */
  readonly key: string;
  /** `refs/heads/main` */
  readonly ref: string;
  /** the hash of the pull options */
  readonly options: string;
  readonly bytes: number;
  /** ISO time at which it was moved last */
  readonly movedAt: string;
}

export interface StartedPipeline {
  readonly name: string;
  readonly commit: string;
  readonly executionId: string;
  /** in CodePipeline's words, `''` where no record tells of it */
  readonly status: string;
}

export interface RefPage {
  /** moved last first */
  readonly refs: readonly RefPointer[];
  /** whether there are more, which were not read */
  readonly more: boolean;
}

// Each has two records, and one call gives a hundred.
const MOST_REFS = 50;

/**
 * What the refs of a repository point to: one page of the bucket by the repository's prefix, and what is on record of the
 * pointers there by their keys. No table is scanned, however many there are.
 */
export async function refsOf(connection: Connection, of: RepositoryName): Promise<RefPage> {
  const prefix = `${of.host}/${of.repository}/`;
  const { artifacts, cursor } = await listArtifacts(connection, prefix);
  const all = artifacts.flatMap((artifact) => pointerOf(artifact, prefix) ?? []);
  const newest = all.toSorted((a, b) => b.movedAt.localeCompare(a.movedAt)).slice(0, MOST_REFS);
  const refs = await withRecords(connection, of, newest);
  return { refs: await withStatuses(connection, refs), more: cursor !== undefined || all.length > MOST_REFS };
}

function pointerOf({ key, bytes, at }: Artifact, prefix: string): Pointer | undefined {
  const [, options, ref] = /^([0-9a-f]{12})\/(refs\/.+)\.zip$/.exec(key.slice(prefix.length)) ?? [];
  return options && ref ? { key, ref, options, bytes, movedAt: at } : undefined;
}

const startSchema = z.object({ commit: z.string(), executionId: z.string() });
const recordSchema = z.object({
  id: z.string(),
  published: z.object({ commit: z.string() }).optional(),
  started: z.record(z.string(), z.object({ starts: z.array(startSchema).default([]) })).default({}),
});

/** The commit of each pointer, and what was started for its ref: the Refs table has both. */
async function withRecords(
  connection: Connection,
  { host, repository }: RepositoryName,
  pointers: readonly Pointer[],
): Promise<RefPointer[]> {
  const idOf = ({ ref }: Pointer): string => startsId(host, repository, ref);
  const ids = new Set(pointers.flatMap((pointer) => [pointer.key, idOf(pointer)]));
  const items = await recordsOf(connection, connection.outputs.refsTable, [...ids]);
  const records = new Map(
    z
      .array(recordSchema)
      .parse(items)
      .map((record) => [record.id, record]),
  );
  return pointers.map((pointer) => {
    const commit = records.get(pointer.key)?.published?.commit ?? '';
    const started = records.get(idOf(pointer))?.started ?? {};
    return { ...pointer, commit, pipelines: Object.entries(started).flatMap(startOn(commit)) };
  });
}

/** A start that is not certain has no execution yet. */
const startOn =
  (commit: string) =>
  ([name, { starts }]: [string, { starts: z.infer<typeof startSchema>[] }]): StartedPipeline[] => {
    const certain = starts.filter(({ executionId }) => executionId !== '');
    const start = certain.findLast((each) => each.commit === commit) ?? certain.at(-1);
    return start ? [{ name, ...start, status: '' }] : [];
  };

const runSchema = z.object({ id: z.string(), status: z.string().default('') });

/** The Deliveries table has what CodePipeline has told of an execution. */
async function withStatuses(connection: Connection, refs: readonly RefPointer[]): Promise<RefPointer[]> {
  const ids = refs.flatMap(({ pipelines }) => pipelines.map(({ executionId }) => pipelineRunId(executionId)));
  const items = await recordsOf(connection, connection.outputs.deliveriesTable, [...new Set(ids)]);
  const statuses = new Map(
    z
      .array(runSchema)
      .parse(items)
      .map(({ id, status }) => [id, status]),
  );
  return refs.map((ref) => ({
    ...ref,
    pipelines: ref.pipelines.map((pipeline) => ({
      ...pipeline,
      status: statuses.get(pipelineRunId(pipeline.executionId)) ?? '',
    })),
  }));
}
