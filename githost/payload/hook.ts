import type { Hook } from '../webhook/hooks.ts';
import { HOST_SCOPE } from '../webhook/hooks.ts';
import type { Addresses } from './user.ts';

/** A hook in GitHub's shape, without its secret. */
export function hookPayload(hook: Hook, { api }: Addresses) {
  const url = `${api}/${hook.scope === HOST_SCOPE ? 'admin' : hook.scope}/hooks/${hook.id}`;
  return {
    type: hook.scope.startsWith('repos/') ? ('Repository' as const) : ('Organization' as const),
    id: hook.id,
    name: 'web',
    active: hook.active,
    events: hook.events,
    config: {
      content_type: hook.contentType,
      insecure_ssl: '0' as const,
      url: hook.url,
      ...(hook.secret === undefined ? {} : { secret: '********' }),
    },
    updated_at: hook.updatedAt,
    created_at: hook.createdAt,
    url,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
  };
}
