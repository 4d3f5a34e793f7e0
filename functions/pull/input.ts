import type * as z from 'zod';
import { type Asked, askedSchema } from '../../events/asked.ts';
import { deliverySchema } from '../../events/delivery.ts';
import { pullOptionsSchema } from '../../events/pull-options.ts';
import {
  type ArtifactOptions,
  artifactKey,
  keptKey,
  pointerKey,
  type Repository,
} from '../shared/artifact.ts';
import { environment, parseSetting } from '../shared/setting.ts';
import type { MergeOf } from './merge-of.ts';

const pulledDelivery = deliverySchema.required({ repository: true, ref: true });

/** What to pull: checked as far as it can be without asking git or the host. */
export interface PullInput {
  readonly repository: Repository;
  readonly options: ArtifactOptions;
  /** a full ref, not yet passed through `git check-ref-format` */
  readonly ref: string;
  /** the delivered object: a commit, or an annotated tag; none for an event without one */
  readonly delivered: string | undefined;
  /** the commit that a push has replaced; none for a new ref, and where the host does not say */
  readonly before: string | undefined;
  /** the branch that a pull request is to be merged into */
  readonly base: string | undefined;
  readonly defaultBranch: string | undefined;
  /** what is asked for beside the artifact */
  readonly asked: Asked;
  /** of a pull request whose merge is pulled */
  readonly mergeOf: MergeOf | undefined;
  /** whether a fork writes to the ref, so that no commit of it but the delivered one is approved */
  readonly ofFork: boolean;
  readonly deliveryId: string;
  readonly bucket: string;
  /** where the exported variables are written for the buildspec to source */
  readonly exports: string;
}

/** The input from the build's environment. Throws `Misconfigured`, `Malformed`, `RefInvalid`. */
export function readInput(): PullInput {
  const delivery = settingOf('HOOKLINE_DELIVERY', pulledDelivery);
  return {
    repository: { host: delivery.host, fullName: delivery.repository.fullName },
    options: settingOf('HOOKLINE_PULL', pullOptionsSchema),
    ref: delivery.ref,
    delivered: delivery.commit,
    before: delivery.before,
    base: delivery.pullRequest?.base,
    defaultBranch: delivery.repository.defaultBranch,
    // The machine of the release before asks for nothing.
    asked: process.env.HOOKLINE_ASKED ? settingOf('HOOKLINE_ASKED', askedSchema) : askedSchema.parse({}),
    mergeOf: mergeOf(delivery),
    ofFork: delivery.pullRequest?.fork ?? false,
    deliveryId: delivery.id,
    bucket: environment('ARTIFACT_BUCKET'),
    exports: environment('HOOKLINE_EXPORTS'),
  };
}

function mergeOf({ ref, pullRequest }: z.infer<typeof pulledDelivery>): MergeOf | undefined {
  if (!pullRequest || ref !== `refs/pull/${pullRequest.number}/merge`) return undefined;
  const { number, head, base } = pullRequest;
  return { number, head: head.commit, base };
}

function settingOf<S extends z.ZodType>(name: string, schema: S): z.infer<S> {
  return parseSetting(name, environment(name), schema);
}

/** The key of a commit's artifact. @param tags the hash of the host's tags, where the artifact holds them */
export function keyOf({ repository, options }: PullInput, commit: string, tags?: string): string {
  return artifactKey(repository, options, commit, tags);
}

/** Where is kept what the next pull of the repository can begin with. */
export function keptKeyOf({ repository, options }: PullInput): string {
  return keptKey(repository, options);
}

/** Whether the artifact is the commit as it stands, with nothing from elsewhere. */
export function isPlain({ options: { git, lfs, submodules, path } }: PullInput): boolean {
  return !git && !lfs && !submodules && path === undefined;
}

/** What the `.git` folder of the artifact holds, none for an artifact without one. */
export function historyOf({ options }: PullInput): Exclude<ArtifactOptions['git'], boolean> | undefined {
  if (typeof options.git === 'object') return options.git;
  return options.git ? { depth: 1, tags: false } : undefined;
}

/** Whether the `.git` folder of the artifact holds the commit alone. */
export function isOneCommit(input: PullInput): boolean {
  const history = historyOf(input);
  return history?.depth === 1 && !history.tags;
}

/** The id of the ref's record, which is also the pointer's key. */
export function pointerOf({ repository, options, ref }: PullInput): string {
  return pointerKey(repository, options, ref);
}
