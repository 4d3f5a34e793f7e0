import { join } from 'node:path';
import * as z from 'zod';
import { readJson, writeJsonNow } from '../files.ts';
import type { Repository } from '../repositories.ts';

/** A hook. Its scope is every repository (`host`, or `apps/1` of an App), those of an owner (`orgs/acme`), or one (`repos/acme/app`). */
const hookSchema = z.object({
  id: z.number(),
  scope: z.string(),
  active: z.boolean(),
  /** names of events; `*` is all of them */
  events: z.array(z.string()),
  url: z.string(),
  secret: z.string().optional(),
  contentType: z.enum(['json', 'form']),
  createdAt: z.string(),
  updatedAt: z.string(),
});

export type Hook = z.infer<typeof hookSchema>;

/** The part of a hook that its owner chooses. */
export type HookSettings = Pick<Hook, 'active' | 'events' | 'url' | 'secret' | 'contentType'>;

/** The scope of hooks that hear of everything: those of the program that holds the host. */
export const HOST_SCOPE = 'host';

/** What the scope of the hook of an App begins with; its id follows. */
export const APP_SCOPE = 'apps/';

const fileSchema = z.object({ next: z.number(), hooks: z.array(hookSchema) });

export interface Hooks {
  of(scope: string): Hook[];
  get(id: number): Hook | undefined;
  /** the active hooks that want the event of that repository */
  subscribedTo(event: string, repository: Repository): Hook[];
  add(scope: string, settings: HookSettings): Hook;
  change(id: number, settings: Partial<HookSettings>): Hook;
  remove(id: number): void;
}

export function createHooks(directory: string): Hooks {
  const path = join(directory, 'hooks.json');
  const state = fileSchema.parse(readJson(path) ?? { next: 1, hooks: [] });
  const save = (hooks: Hook[], next = state.next): void => {
    writeJsonNow(path, { next, hooks });
    Object.assign(state, { next, hooks });
  };
  const get = (id: number): Hook | undefined => state.hooks.find((hook) => hook.id === id);
  return {
    of: (scope) => state.hooks.filter((hook) => hook.scope === scope),
    get,
    subscribedTo: (event, { owner, fullName }) => {
      const scopes = [HOST_SCOPE, `orgs/${owner}`, `repos/${fullName}`];
      return state.hooks.filter(
        ({ scope, active, events }) =>
          active &&
          (scopes.includes(scope) || scope.startsWith(APP_SCOPE)) &&
          (events.includes('*') || events.includes(event)),
      );
    },
    add: (scope, settings) => {
      const now = new Date().toISOString();
      const hook = { id: state.next, scope, ...settings, createdAt: now, updatedAt: now };
      save([...state.hooks, hook], state.next + 1);
      return hook;
    },
    change: (id, settings) => {
      const old = get(id);
      if (!old) throw new Error(`there is no hook ${id} to change`);
      const hook = { ...old, ...settings, updatedAt: new Date().toISOString() };
      save(state.hooks.map((one) => (one.id === id ? hook : one)));
      return hook;
    },
    remove: (id) => save(state.hooks.filter((hook) => hook.id !== id)),
  };
}
