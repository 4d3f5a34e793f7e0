import { hookPayload } from '../payload/hook.ts';
import { numberOf } from '../payload/ids.ts';
import { repositoryId, repositoryPayload } from '../payload/repository.ts';
import { type Addresses, userPayload } from '../payload/user.ts';
import { DEFAULT_BRANCH, type Repositories } from '../repositories.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Hook } from './hooks.ts';

const ZEN = 'Keep it logically awesome.';

/** Sends a hook a ping, as GitHub does to a new one; resolves when it is on disk. */
export async function ping(
  parts: { dispatcher: Dispatcher; repositories: Repositories; addresses: Addresses; login: string },
  hook: Hook,
): Promise<void> {
  const { dispatcher, repositories, addresses, login } = parts;
  const [kind, owner = '', name = ''] = hook.scope.split('/');
  const repository = kind === 'repos' ? repositories.find(owner, name) : undefined;
  const payload = {
    zen: ZEN,
    hook_id: hook.id,
    hook: hookPayload(hook, addresses),
    ...(repository && {
      repository: repositoryPayload(repository, repositories.times(repository), DEFAULT_BRANCH, addresses),
    }),
    sender: userPayload(login, addresses),
  };
  const targetId = repository ? repositoryId(repository) : numberOf('user', owner || addresses.hostName);
  await dispatcher.dispatch([hook], 'ping', payload, { repository: repository?.fullName ?? null, targetId });
}
