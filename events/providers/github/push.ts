import * as z from 'zod';
import type { Administration } from '../../administration.ts';
import { clientOf } from './client.ts';
import { sentWebhook } from './sent-webhook.ts';

const NAME = 'hookline';
const NOT_SENT: ReadonlySet<string> = new Set([
  'temp_clone_token',
  'permissions',
  'parent',
  'source',
  'template_repository',
  'pushed_at',
]);
const repositorySchema = z.looseObject({ full_name: z.string() });

/**
 * A repository as webhooks describe it, without what they do not have: a credential to clone it, what the asker may do, and
 * other repositories. Nor with the time of its last push: in the webhook of a push, that is the time of that very push, and in
 * another form.
 */
export const repository: Administration['repository'] = async (api, fullName) => {
  const [owner = '', repo = ''] = fullName.split('/');
  const { data } = await clientOf(api).request('GET /repos/{owner}/{repo}', {
    ...{ owner, repo },
  });
  return Object.fromEntries(
    Object.entries(repositorySchema.parse(data)).filter(([member]) => !NOT_SENT.has(member)),
  );
};

/** A push that nobody has told of. Who pushed it, from where and with which commits is not known any more. */
export const push: Administration['push'] = ({ repository, ref, id, before, foundAt, ...sent }) =>
  sentWebhook(sent, 'push', {
    ref,
    before: before ?? nothing(id),
    after: id ?? nothing(id),
    created: before === undefined,
    deleted: id === undefined,
    forced: false,
    commits: [],
    repository,
    pusher: { name: NAME },
    sender: { login: NAME },
    hookline: { reconcile: foundAt },
  });

/** The id of no object, as long as the repository's ids are. */
const nothing = (id = ''): string => '0'.repeat(id.length || 40);
