import { createHash } from 'node:crypto';
import type { PullOptions } from '../../events/pull-options.ts';
import { errors, HooklineError } from './errors.ts';

/** The options that change an artifact's bytes; where the pull runs (`compute`) does not. */
export type ArtifactOptions = Pick<PullOptions, 'submodules' | 'lfs' | 'git' | 'path'>;

/** A repository as a verified delivery names it: `host` as in the `hosts` setting, `fullName` as `owner/name`. */
export interface Repository {
  readonly host: string;
  readonly fullName: string;
}

/** S3's limit for an object's key, in bytes of UTF-8. */
const maxKeyBytes = 1024;
const segment = /^[A-Za-z0-9_.-]+$/;
const sha = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** Twelve hex digits that differ whenever the options would make other bytes of the same commit. */
export function optionsHash({ git, lfs, path, submodules }: ArtifactOptions): string {
  // canonical JSON: these members, sorted by name; one that is undefined is left out
  return shortHash(JSON.stringify({ git: history(git), lfs, path, submodules: sources(submodules) }));
}

/** `git: true` is a history of one commit. */
function history(git: ArtifactOptions['git']): ArtifactOptions['git'] {
  if (typeof git === 'boolean') return git;
  return git.depth === 1 && !git.tags ? true : { depth: git.depth, tags: git.tags };
}

/** Twelve hex digits of a text. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** A rule never takes the artifact of one whose submodules may come from elsewhere; the patterns' order says nothing. */
function sources(submodules: ArtifactOptions['submodules']): ArtifactOptions['submodules'] {
  return typeof submodules === 'boolean' ? submodules : { from: [...new Set(submodules.from)].sort() };
}

/**
 * The key of a commit's artifact, written once and never changed. A life-cycle rule goes by how a key begins, and expires
 * commits alone. Throws `Malformed`.
 * @param tags the hash of the host's tags, where the artifact holds them: tags come and go, and an artifact stays
 */
export function artifactKey(
  repository: Repository,
  options: ArtifactOptions,
  commit: string,
  tags?: string,
): string {
  if (!sha.test(commit)) {
    throw new HooklineError(
      errors.malformed,
      `commit ${quoted(commit)} is no full hex object id; send all 40 digits`,
    );
  }
  const name = tags === undefined ? commit : `${commit}-${tags}`;
  return fitting(`commits/${folder(repository, options)}/${name}.zip`);
}

/** The key of what a pull keeps for the next one of its repository. A life-cycle rule expires all that begins so. */
export function keptKey(repository: Repository, options: ArtifactOptions): string {
  return fitting(`kept/${folder(repository, options)}`);
}

/** The commit whose artifact stands at a key. */
export function commitOfKey(key: string): string {
  return /\/([0-9a-f]+)[^/]*$/.exec(key)?.[1] ?? '';
}

/** The key that stands for the newest commit of a ref, and the ref's id in the Refs table. Throws `Malformed`, `RefInvalid`. */
export function pointerKey(repository: Repository, options: ArtifactOptions, ref: string): string {
  if (
    !ref.startsWith('refs/') ||
    ref.split('/').some((part) => part === '' || part === '.' || part === '..')
  ) {
    throw new HooklineError(
      errors.refInvalid,
      `ref ${quoted(ref)} is no full ref; send one like refs/heads/main`,
    );
  }
  return fitting(`${folder(repository, options)}/${ref}.zip`);
}

/**
 * The segments of a full name, two or more, each safe in a URL's path and in an S3 key.
 * Throws `Malformed` when it is anything else.
 */
export function repositorySegments(fullName: string): readonly string[] {
  const segments = fullName.split('/');
  const safe = segments.every((part) => segment.test(part) && !/^\.+$/.test(part) && !part.startsWith('-'));
  if (segments.length < 2 || !safe) {
    throw new HooklineError(errors.malformed, `repository ${quoted(fullName)} is not of the form owner/name`);
  }
  return segments;
}

function folder({ host, fullName }: Repository, options: ArtifactOptions): string {
  return `${host}/${repositorySegments(fullName).join('/')}/${optionsHash(options)}`;
}

function fitting(key: string): string {
  if (Buffer.byteLength(key) > maxKeyBytes) {
    throw new HooklineError(
      errors.refInvalid,
      `key ${quoted(key)} is longer than S3's ${maxKeyBytes} bytes; shorten the ref`,
    );
  }
  return key;
}

/** Outside text inside a message: on one line, and never longer than a line. */
function quoted(value: string): string {
  return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);
}
