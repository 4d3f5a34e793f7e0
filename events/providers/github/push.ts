import * as z from 'zod';
import type { Administration } from '../../administration.ts';
import { clientOf } from './client.ts';
import { sentWebhook } from './sent-webhook.ts';

const TIMEOUT_MS = 20_000;
const NAME = 'hookline';
const repositorySchema = z.looseObject({ full_name: z.string() });

/**
 * A repository as webhooks describe it, without the time of its last push: in the webhook of a push, that is the time of
 * that very push, and in another form.
 */
export const repository: Administration['repository'] = async (api, fullName) => {
  const [owner = '', repo = ''] = fullName.split('/');
  const { data } = await clientOf(api).request('GET /repos/{owner}/{repo}', {
    ...{ owner, repo },
    request: { signal: AbortSignal.timeout(TIMEOUT_MS) },
  });
  const { pushed_at: _, ...described } = repositorySchema.parse(data);
  return described;
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
