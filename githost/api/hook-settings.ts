import * as z from 'zod';
import type { Hook, HookSettings } from '../webhook/hooks.ts';
import { validationError } from './request-and-error.ts';

/** Stands for a hook's secret in answers; in a request, it keeps the secret that the hook has. */
const HIDDEN = '********';

const eventsSchema = z.array(z.string().regex(/^([a-z_]+|\*)$/, 'is not the name of an event')).min(1);

const configSchema = z.looseObject({
  url: z.url({ protocol: /^https?$/, error: 'is not an http or https address' }),
  content_type: z.enum(['json', 'form']).default('form'),
  secret: z.string().optional(),
  insecure_ssl: z.union([z.string(), z.number()]).default('0'),
});

/** The body of a request for a new hook. */
export const newHookSchema = z.looseObject({
  name: z.literal('web').default('web'),
  active: z.boolean().default(true),
  events: eventsSchema.default(['push']),
  config: configSchema,
});

/** The body of a request to change a hook. */
export const changeSchema = z.looseObject({
  active: z.boolean().optional(),
  events: eventsSchema.optional(),
  add_events: z.array(z.string()).default([]),
  remove_events: z.array(z.string()).default([]),
  config: configSchema.optional(),
});

export const newSettings = ({ active, events, config }: z.infer<typeof newHookSchema>): HookSettings => ({
  active,
  events,
  ...configOf(config),
});

/** A hook's settings after a change. A config replaces the whole of the old one with its secret, as on GitHub. */
export function changedSettings(
  hook: Hook,
  { active, events, add_events, remove_events, config }: z.infer<typeof changeSchema>,
): HookSettings {
  const names = new Set([...(events ?? hook.events), ...add_events]);
  for (const event of remove_events) names.delete(event);
  const { url, secret, contentType } = config ? configOf(config, hook.secret) : hook;
  return {
    active: active ?? hook.active,
    events: [...names],
    url,
    contentType,
    secret,
  };
}

function configOf(
  { url, content_type, secret, insecure_ssl }: z.infer<typeof configSchema>,
  kept?: string,
): Pick<HookSettings, 'url' | 'contentType' | 'secret'> {
  if (String(insecure_ssl) !== '0')
    throw validationError(
      'Hook',
      `insecure_ssl ${insecure_ssl} is not supported here: leave it at 0`,
      'config',
    );
  return { url, contentType: content_type, secret: (secret === HIDDEN ? kept : secret) || undefined };
}
