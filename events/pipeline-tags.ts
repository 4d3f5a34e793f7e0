/** The tags of a pipeline that Hookline has made for a branch or a pull request. */
export interface PipelineTags {
  /** the name of the Hookline that made the pipeline: no other one touches it */
  readonly owner: string;
  readonly rule: string;
  readonly host: string;
  readonly repository: string;
  readonly ref: string;
  /** the number of the pull request, `''` for a branch */
  readonly pullRequest: string;
  /** the hash of the template as it was copied */
  readonly template: string;
  /** the ARN of the execution that made the pipeline: the run that began by itself is this execution's */
  readonly execution: string;
}

/** By this tag the grants know a pipeline of ours. */
export const OWNER_TAG = 'hookline';

const KEYS: Readonly<Record<keyof PipelineTags, string>> = {
  owner: OWNER_TAG,
  rule: 'hookline:rule',
  host: 'hookline:host',
  repository: 'hookline:repository',
  ref: 'hookline:ref',
  pullRequest: 'hookline:pull-request',
  template: 'hookline:template',
  execution: 'hookline:execution',
};
const MEMBERS = Object.keys(KEYS) as (keyof PipelineTags)[];

export interface Tag {
  readonly key: string;
  readonly value: string;
}

type ReadTag = { readonly [member in keyof Tag]?: string | undefined };

// CodePipeline's limit of a tag's value.
const MAX_VALUE_LENGTH = 256;

/** @returns undefined where a value is too long for a tag */
export function tagsOf(tags: PipelineTags): Tag[] | undefined {
  const all = MEMBERS.map((member) => ({ key: KEYS[member], value: encoded(tags[member]) }));
  return all.some(({ value }) => value.length > MAX_VALUE_LENGTH) ? undefined : all;
}

/** @returns undefined for the tags of a pipeline that no Hookline has made */
export function readTags(tags: readonly ReadTag[]): PipelineTags | undefined {
  const values = new Map(tags.map(({ key, value }) => [key, value]));
  if (MEMBERS.some((member) => !values.has(KEYS[member]))) return undefined;
  const value = (member: keyof PipelineTags): string => decoded(values.get(KEYS[member]) ?? '');
  return {
    owner: value('owner'),
    rule: value('rule'),
    host: value('host'),
    repository: value('repository'),
    ref: value('ref'),
    pullRequest: value('pullRequest'),
    template: value('template'),
    execution: value('execution'),
  };
}

/** A tag takes letters, digits and few signs; every other byte of a ref is written `=3F`. */
const encoded = (text: string): string =>
  text.replace(/[^\p{L}\p{N}_.:/+\-@]/gu, (other) =>
    Array.from(
      new TextEncoder().encode(other),
      (byte) => `=${byte.toString(16).padStart(2, '0').toUpperCase()}`,
    ).join(''),
  );

const decoded = (text: string): string =>
  text.replace(/(?:=[0-9A-F]{2})+/g, (bytes) =>
    new TextDecoder().decode(Uint8Array.from(bytes.slice(1).split('='), (byte) => Number.parseInt(byte, 16))),
  );
