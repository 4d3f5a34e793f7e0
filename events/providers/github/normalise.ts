import type * as z from 'zod';
import type { Delivery } from '../../delivery.ts';
import type { Envelope, Normalised } from '../../provider.ts';
import { approvedIn, OK_TO_TEST } from '../../pull-request.ts';
import {
  anySchema,
  issueCommentSchema,
  pullRequestSchema,
  pushSchema,
  refSchema,
  repositorySchema,
} from './payload.ts';
import { github } from './provider.ts';

/** GitHub lists no more commits than this in a push. */
const MAX_COMMITS = 2048;

/** A list of a commit's files that is as long as this may be cut. */
const MAX_FILES = 3000;

/** The id of no object: a push to it is a deletion. */
const ZERO = /^0+$/;

/**
 * Reads a verified payload.
 * @throws with each member that is not as GitHub sends it: its path, and what was expected
 */
export function normalise(envelope: Envelope, payload: Record<string, unknown>): Normalised {
  switch (envelope.event) {
    case 'push':
      return pushEvent(envelope, read(pushSchema, payload));
    case 'create':
    case 'delete':
      // GitHub once sent `create` for a new repository too: such a payload names no ref.
      if (payload.ref_type === 'repository') break;
      return { delivery: refEvent(envelope, read(refSchema, payload)), changed: undefined };
    case 'repository':
      return { delivery: repositoryEvent(envelope, read(repositorySchema, payload)), changed: undefined };
    case 'pull_request':
      return { delivery: pullRequestEvent(envelope, read(pullRequestSchema, payload)), changed: undefined };
    case 'issue_comment':
      return { delivery: commentEvent(envelope, read(issueCommentSchema, payload)), changed: undefined };
  }
  return { delivery: otherEvent(envelope, read(anySchema, payload)), changed: undefined };
}

function read<S extends z.ZodType>(schema: S, payload: unknown): z.infer<S> {
  const parsed = schema.safeParse(payload, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message, input }) => {
    return `${path.join('.') || 'the payload'} is ${shortValue(input)}: ${message.replace(/^Invalid input: /, '')}`;
  });
  throw new Error(issues.join('; '));
}

/** A wrong value in a message: short, and never a part of the payload. */
function shortValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return JSON.stringify(value).slice(0, 200);
}

function pushEvent(envelope: Envelope, payload: z.infer<typeof pushSchema>): Normalised {
  const { ref, after, before, created, forced, commits } = payload;
  const { pushed_at: pushedAt } = payload.repository;
  const deleted = payload.deleted || ZERO.test(after);
  const delivery: Delivery = {
    ...commonMembers(envelope, payload),
    ref,
    created,
    deleted,
    forced,
    ...(deleted
      ? {}
      : {
          commit: after,
          ...(before && !ZERO.test(before) ? { before } : {}),
          ...(pushedAt ? { pushedAt } : {}),
        }),
  };
  // GitHub's own path filters are not for tags. What a forced push takes back is in no list.
  const listed = ref.startsWith('refs/heads/') && !forced ? commits : undefined;
  const message = payload.head_commit?.message;
  const told = message === undefined ? {} : { message };
  return { delivery, changed: listed ? filesOf(listed) : undefined, ...told };
}

type Commit = NonNullable<z.infer<typeof pushSchema>['commits']>[number];

/** Undefined unless every file is listed: a commit without any may be one of too many. */
function filesOf(commits: readonly Commit[]): string[] | undefined {
  if (commits.length === 0 || commits.length >= MAX_COMMITS) return undefined;
  const lists = commits.map(({ added, removed, modified }) => [added, removed, modified]);
  const cut = lists.some((of) => of.flat().length === 0 || of.some(({ length }) => length >= MAX_FILES));
  return cut ? undefined : [...new Set(lists.flat(2))];
}

function refEvent(envelope: Envelope, payload: z.infer<typeof refSchema>): Delivery {
  const kind = payload.ref_type === 'tag' ? 'tags' : 'heads';
  const what = envelope.event === 'delete' ? { deleted: true } : { created: true };
  return { ...commonMembers(envelope, payload), ref: `refs/${kind}/${payload.ref}`, ...what };
}

/** A new repository stands for its default branch, if it has one already; its other actions are about no ref. */
function repositoryEvent(envelope: Envelope, payload: z.infer<typeof repositorySchema>): Delivery {
  const { default_branch: branch } = payload.repository;
  const isNew = payload.action === 'created' && branch;
  return {
    ...commonMembers(envelope, payload),
    ...(isNew ? { ref: `refs/heads/${branch}`, created: true } : {}),
  };
}

/** Of a fork there is no ref here: its branch is in another repository. */
function pullRequestEvent(envelope: Envelope, payload: z.infer<typeof pullRequestSchema>): Delivery {
  const { number, action, label, pull_request: request } = payload;
  const { head, base, draft, merged, updated_at: updatedAt } = request;
  const repository = head.repo?.full_name;
  const fork = repository !== payload.repository.full_name;
  // Whoever takes the label away and puts it on again approves again; a label that stays approves no later commit.
  const isApproved = action === 'labeled' && label?.name === OK_TO_TEST;
  return {
    ...commonMembers(envelope, payload),
    ...(fork ? {} : { ref: `refs/heads/${head.ref}`, commit: head.sha }),
    ...(isApproved ? { approval: { number, commit: head.sha } } : {}),
    pullRequest: {
      number,
      action,
      draft: draft ?? false,
      merged: merged ?? false,
      fork,
      head: { ref: head.ref, commit: head.sha, ...(repository === undefined ? {} : { repository }) },
      base: base.ref,
      ...(updatedAt ? { updatedAt } : {}),
    },
  };
}

/** A comment approves a commit as it is written: what is edited later may be another's words. */
function commentEvent(envelope: Envelope, payload: z.infer<typeof issueCommentSchema>): Delivery {
  const { action, issue, comment } = payload;
  const commit = action === 'created' && issue.pull_request ? approvedIn(comment.body) : undefined;
  return {
    ...commonMembers(envelope, payload),
    ...(commit === undefined ? {} : { approval: { number: issue.number, commit } }),
  };
}

function otherEvent(envelope: Envelope, { repository, sender }: z.infer<typeof anySchema>): Delivery {
  return {
    ...envelopeMembers(envelope),
    ...(repository ? { repository: { fullName: repository.full_name } } : {}),
    ...(sender ? { sender: sender.login } : {}),
  };
}

function commonMembers(
  envelope: Envelope,
  { repository, sender }: Pick<z.infer<typeof pushSchema>, 'repository' | 'sender'>,
): Delivery & { repository: NonNullable<Delivery['repository']> } {
  const { full_name: fullName, default_branch: defaultBranch } = repository;
  return {
    ...envelopeMembers(envelope),
    repository: { fullName, ...(defaultBranch ? { defaultBranch } : {}) },
    ...(sender ? { sender: sender.login } : {}),
  };
}

function envelopeMembers({ host, event, deliveryId }: Envelope): Delivery {
  return { provider: github.name, host, id: deliveryId, event };
}
