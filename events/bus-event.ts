import * as z from 'zod';
import { providerNames } from './providers/index.ts';

/** The source of every event of ours. */
export const SOURCE = 'hookline';

export const DETAIL_TYPE = 'webhook';

/** The pattern of every webhook: the bus has events of its own besides (events/result-event.ts). */
export const WEBHOOKS = { source: [SOURCE], 'detail-type': [DETAIL_TYPE] };

/** The webhook's own headers that are kept; `""` for one that it did not have. */
export const headersSchema = z.object({
  event: z.string(),
  /** the host's id of the delivery */
  delivery: z.string(),
  signature: z.string(),
});

/** The door's summary of a webhook for its line in the log of deliveries: texts that an input transformer cannot break. */
const summarySchema = z.object({
  /** of the body, about */
  bytes: z.number(),
  /** `owner/name` and `refs/heads/main` as the payload has them, `""` without, `?` for what a line cannot hold */
  repository: z.string(),
  ref: z.string(),
});

/** The `detail` of an event: one webhook as the door took it. No member is verified. */
export const detailSchema = z.object({
  provider: z.enum(providerNames),
  /** the name of the git host in the `hosts` setting */
  host: z.string(),
  /** the same as in `headers`, for the patterns of rules */
  event: z.string(),
  /** the same as in `headers`, for the patterns of rules */
  deliveryId: z.string(),
  headers: headersSchema,
  /** base64 of the raw body */
  body: z.string(),
  /** the parsed body, without its long members where the body is large */
  payload: z.unknown(),
  /** absent from what was archived before the door wrote it, and from what was not the door's */
  summary: summarySchema.optional(),
});

/** The members of a webhook that the functions read. The functions parse the payload from the signed bytes. */
export const webhookSchema = detailSchema.pick({ provider: true, host: true, headers: true, body: true });

/** An event on the bus, without those members that EventBridge adds and nobody reads. */
export const busEventSchema = z.object({
  id: z.string(),
  /** ISO time at which the event came to the bus */
  time: z.string(),
  source: z.string(),
  'detail-type': z.string(),
  /** the name of the replay that sent the event again */
  'replay-name': z.string().default(''),
  detail: detailSchema,
});

export type EventDetail = z.infer<typeof detailSchema>;
export type Webhook = z.infer<typeof webhookSchema>;

/** The `detail` of a webhook whose payload is this one. */
export function detailOf({ provider, host, headers, body }: Webhook, payload: unknown): EventDetail {
  const { event, delivery: deliveryId } = headers;
  return { provider, host, event, deliveryId, headers, body, payload };
}

/** The path of a member of an event, as an input transformer names it: `$.detail.headers.event`. */
export type EventPath = PathsBelow<'$', z.infer<typeof busEventSchema>>;

type PathsBelow<At extends string, Value> = Value extends object
  ? { [Member in keyof Value & string]: PathsAt<`${At}.${Member}`, Value[Member]> }[keyof Value & string]
  : never;
type PathsAt<At extends string, Value> = At | PathsBelow<At, Value>;

/** What the name of each rule on a bus begins with, so that it tells whose the rule is. */
export const rulePrefix = (bus: string): string => `${bus}-`;

/** The name of a rule on the bus. */
export const busRuleName = (bus: string, rule: string): string => `${rulePrefix(bus)}${rule}`;

/** The rule's own name from its ARN, `arn:aws:events:…:rule/hookline/hookline-default`; undefined for no rule of ours. */
export function ruleOfArn(arn: string): string | undefined {
  const [name = '', bus = ''] = arn.split('/').reverse();
  const prefix = rulePrefix(bus);
  return name.startsWith(prefix) && name !== prefix ? name.slice(prefix.length) : undefined;
}
