import type { Dispatcher } from './dispatcher.ts';
import { HOST_SCOPE, type Hook, type Hooks } from './hooks.ts';

/** A receiver of every repository's events. */
export interface HostHook {
  readonly url: string;
  readonly secret: string;
  readonly events: readonly string[];
}

/**
 * The hook for the receiver, its own when it has been here before. One of an earlier start that has not been claimed
 * since and has the same secret is the same receiver, moved to another port: what waits for it goes there.
 * @returns the hook, and whether its address is new
 */
export function claimHostHook(
  hooks: Hooks,
  dispatcher: Dispatcher,
  { url, secret, events }: HostHook,
): { hook: Hook; isNew: boolean } {
  const wanted = { url, secret, events: [...events], active: true, contentType: 'json' as const };
  const known = hooks.of(HOST_SCOPE);
  const same = known.find((hook) => hook.url === url);
  if (same) {
    const changed = same.secret !== secret || same.events.join() !== events.join();
    return { hook: changed ? hooks.change(same.id, wanted) : same, isNew: false };
  }
  const moved = known.find((hook) => hook.secret === secret && !dispatcher.isAwake(hook));
  const hook = moved ? hooks.change(moved.id, wanted) : hooks.add(HOST_SCOPE, wanted);
  return { hook, isNew: true };
}
