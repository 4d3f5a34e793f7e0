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
const ownerSchema = z.looseObject({
  login: z.string(),
  id: z.number().optional(),
  type: z.string().optional(),
});
const repositorySchema = z.looseObject({ full_name: z.string(), owner: ownerSchema.optional() });

/**
 * A repository as the webhook of a push describes it, without what that does not have: a credential to clone it, what the asker
 * may do, and other repositories. Nor with the time of its last push: in the webhook, that is the time of that very push, and in
 * another form.
 */
export const repository: Administration['repository'] = async (api, fullName) => {
  const [owner = '', repo = ''] = fullName.split('/');
  const { data } = await clientOf(api).request('GET /repos/{owner}/{repo}', {
    ...{ owner, repo },
  });
  const described = repositorySchema.parse(data);
  const organization = organizationOf(described);
  return {
    ...Object.fromEntries(Object.entries(described).filter(([member]) => !NOT_SENT.has(member))),
    ...(described.owner && { owner: { ...described.owner, name: described.owner.login } }),
    ...(organization && { organization: organization.login }),
  };
};

/** A push that nobody has told of. Who pushed it, from where and with which commits is not known any more. */
export const push: Administration['push'] = ({ repository, ref, id, before, foundAt, ...sent }) => {
  const organization = organizationOf(repositorySchema.parse(repository));
  return sentWebhook(sent, 'push', {
    ref,
    before: before ?? nothing(id),
    after: id ?? nothing(id),
    created: before === undefined,
    deleted: id === undefined,
    forced: false,
    commits: [],
    repository,
    pusher: { name: NAME },
    ...(organization && { organization }),
    sender: { login: NAME },
    hookline: { reconcile: foundAt },
  });
};

/** The organisation that a repository belongs to, as far as its owner is described. */
function organizationOf({ owner }: z.infer<typeof repositorySchema>) {
  return owner?.type === 'Organization' ? { login: owner.login, id: owner.id } : undefined;
}

/** The id of no object, as long as the repository's ids are. */
const nothing = (id = ''): string => '0'.repeat(id.length || 40);
