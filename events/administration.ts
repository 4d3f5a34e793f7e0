import type { App, HostAddress, TokenUse } from './app.ts';
import type { HostApi } from './provider.ts';

/** A webhook that a host would send. */
export interface SentWebhook {
  /** as it stands in the header */
  readonly event: string;
  /** the headers of the request, the signature among them */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A push as it would be told of at present, by somebody who has found it. */
export interface FoundPush {
  readonly host: string;
  readonly secret: string;
  readonly deliveryId: string;
  /** as the host describes it in its webhooks */
  readonly repository: Readonly<Record<string, unknown>>;
  readonly ref: string;
  /** the object at the ref, undefined for a ref that is gone */
  readonly id: string | undefined;
  /** the commit that was known there, undefined for a ref that is new */
  readonly before: string | undefined;
  /** ISO time at which it was found; the payload has it at `hookline.reconcile` */
  readonly foundAt: string;
}

/** The host's verdict on a token. */
export type TokenResult =
  | { readonly result: 'ok'; readonly message: string }
  | { readonly result: 'warning' | 'failed'; readonly message: string; readonly advice: string };

/** @param of whether it must be known who may write, too */
export type RequestAccess = (
  api: HostApi,
  repository: string,
  of: { readonly approvals: boolean },
) => Promise<TokenResult>;

/** The operator's half: the webhooks on a host, and whether host and token work. */
export interface Administration {
  /** @param of a repository or an organisation @throws for a name that is neither */
  hooks(api: HostApi, of: string): Hooks;
  /** the webhook of the App that the token names */
  appHooks(api: HostApi): SentHooks;
  /** @param api its token is `""` for a host without one */
  checkToken(api: HostApi): Promise<TokenResult>;
  /** the same of an App: that it may do what it is used for, and is installed for a repository, where one is known */
  checkApp(
    address: HostAddress,
    app: App,
    of: { readonly repository: string | undefined; readonly uses: readonly TokenUse[] },
  ): Promise<TokenResult>;
  /** whether the token may read what rules for pull requests ask */
  readonly checkRequestAccess: RequestAccess;
  /** the address ranges that the host says its webhooks come from, none when it says nothing */
  senders(api: HostApi): Promise<readonly string[]>;
  /** a repository as the host describes it in its webhooks */
  repository(api: HostApi, fullName: string): Promise<Readonly<Record<string, unknown>>>;
  /** a signed push without a list of commits, as the host would send it */
  push(found: FoundPush): SentWebhook;
  /** a signed ping, as the host would send it */
  ping(sent: { host: string; secret: string; deliveryId: string }): SentWebhook;
}

/** A webhook on a host, with every further member of the host's answer. */
export interface Hook {
  readonly id: number;
  readonly active: boolean;
  readonly events: readonly string[];
  readonly config: { readonly url?: string | undefined };
}

/** A delivery that a host has sent by a webhook. */
export interface HookDelivery {
  readonly id: string;
  /** the id in the webhook's header; a redelivery keeps it */
  readonly guid: string;
  /** ISO time */
  readonly delivered_at: string;
  /** whether it was sent before */
  readonly redelivery: boolean;
  readonly event: string;
  readonly status: string;
  /** the status of the answer over HTTP */
  readonly status_code: number;
}

export interface SentQuery {
  /** only those of this ISO time and later */
  readonly since?: string;
  /** the number from which on no more are asked for, 1000 by default */
  readonly most?: number;
  /** `Date.now()` from which on no more are asked for; after a minute in any case */
  readonly until?: number;
}

export interface SentDeliveries {
  /** the newest first */
  readonly deliveries: readonly HookDelivery[];
  /** whether the host may have older ones that were asked for */
  readonly isCut: boolean;
}

/** Webhooks, and what has become of their deliveries. */
export interface SentHooks {
  list(): Promise<Hook[]>;
  deliveries(id: string, query?: SentQuery): Promise<SentDeliveries>;
  redeliver(id: string, delivery: string): Promise<void>;
}

/** The webhooks of a repository or an organisation. */
export interface Hooks extends SentHooks {
  /** creates the webhook, or updates the one with this address; `['*']` for every event */
  create(wanted: {
    readonly url: string;
    readonly secret: string;
    readonly events: readonly string[];
  }): Promise<{ hook: Hook; created: boolean }>;
  ping(id: string): Promise<void>;
  remove(id: string): Promise<void>;
}
