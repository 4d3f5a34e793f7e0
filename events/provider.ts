import type { App, HostAddress, TokenUse } from './app.ts';
import type { Delivery } from './delivery.ts';

// A provider is a kind of git host. Each half stands in a file of its own in the provider's folder and in a list of its
// own in events/providers/, so that a function's bundle holds the half that the function uses.

/** The half of a provider that every room may use: its names, its door and its addresses. */
export interface Provider {
  /** as in the `hosts` setting and on the events; the last part of the door's path */
  readonly name: string;
  /** as people call it */
  readonly title: string;
  /** the host that a webhook comes from when the webhook does not name one, and the setting's default */
  readonly usualHost: { readonly name: string; readonly url: string };
  readonly door: Door;
  /** the address of the REST API of a host that has this web address */
  apiOf(url: string): string;
  /** where the SSH clones come from of a host that has this web address */
  sshOf(url: string): string;
  /** the pages of a repository, whose address is the host's web address and the repository's name */
  pagesOf(repository: string): Pages;
  /** the newest commit of a push, as far as a payload tells of it; undefined when the payload tells of none */
  headCommit(payload: unknown): HeadCommit | undefined;
}

/** The addresses of a repository's pages on its host. */
export interface Pages {
  commit(id: string): string;
  compare(before: string, after: string): string;
  /** of a pull request */
  request(number: number): string;
}

/** What a payload says of a commit, `""` where it says nothing. */
export interface HeadCommit {
  readonly subject: string;
  readonly author: string;
}

/** The headers of a request that the door takes. */
export interface Door {
  /** the names of request headers */
  readonly headers: {
    readonly event: string;
    readonly delivery: string;
    readonly signature: string;
    /** names the host in the `hosts` setting, when the host is not the usual one */
    readonly host: string;
  };
  /**
   * the form of each header, as regular expressions of JavaScript and Java without backslashes: the headers are not
   * signed, so the door refuses every other form
   */
  readonly patterns: Readonly<Record<'event' | 'delivery' | 'signature' | 'host', string>>;
  /** where a payload says which repository and which ref it is of: paths of JSON */
  readonly summary: { readonly repository: string; readonly ref: string };
  /** names a host by a name below a domain, where the header of the host is missing */
  readonly tenant?: { readonly header: string; readonly domain: string };
}

/** The result of a check of a delivery's signature; only `valid` says that the host sent these bytes. */
export type SignatureCheck = 'valid' | 'missing' | 'malformed' | 'wrong';

/** The values of a webhook's headers. */
export interface Envelope {
  readonly host: string;
  readonly event: string;
  readonly deliveryId: string;
}

/** A webhook in the shape that all hosts share. */
export interface Normalised {
  /** `push` and `ping` for these two events, whatever name the provider gives them */
  readonly delivery: Delivery;
  /** the files that a push changed; undefined when the payload does not say */
  readonly changed: readonly string[] | undefined;
  /** the message of the newest commit of a push; undefined when the payload does not have it */
  readonly message?: string | undefined;
}

/** The receiving half: checks who sent the bytes, and reads them. */
export interface Receiver {
  /**
   * Compares in constant time.
   * @param body the bytes as they came, before any parsing
   * @param signature the header's value, `""` when there was none
   * @param secrets those that are valid now: one, or two during a rotation
   */
  checkSignature(body: Uint8Array, signature: string, secrets: readonly string[]): SignatureCheck;
  /** the rest of a sentence that begins with `the webhook of <host>`, for each signature that no secret explains */
  readonly refusals: Readonly<Record<'missing' | 'malformed', string>>;
  /**
   * Reads a verified body.
   * @throws with each member that is not as the host sends it; the message never quotes the body
   */
  read(envelope: Envelope, body: Buffer): Normalised;
}

/** The REST API of one host. */
export interface HostApi extends HostAddress {
  readonly token: string;
}

export type StatusState = 'pending' | 'success' | 'failure';

/** A commit status, as the commit's page shows it. */
export interface CommitStatus {
  /** `owner/name` */
  readonly repository: string;
  readonly commit: string;
  readonly state: StatusState;
  /** cut by the provider to what its host takes */
  readonly description: string;
  /** names the check: one per rule */
  readonly context: string;
  readonly targetUrl: string;
  /** whether it is a check run, in place of a commit status */
  readonly check?: boolean | undefined;
  /** what a check run says at length, in Markdown; the description by default */
  readonly summary?: string | undefined;
}

/** A host that refuses a commit status is an answer, with its reason, and no error. */
export interface WrittenStatus {
  readonly status: 'written' | 'refused';
  readonly reason: string;
}

export type WriteStatus = (api: HostApi, status: CommitStatus) => Promise<WrittenStatus>;

/** @param api its token is one of the App @param app the App's id */
export type WriteCheck = (api: HostApi, app: string, status: CommitStatus) => Promise<WrittenStatus>;

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
  readonly event: string;
  readonly status: string;
  /** the status of the answer over HTTP */
  readonly status_code: number;
}

/** Webhooks, and what has become of their deliveries. */
export interface SentHooks {
  list(): Promise<Hook[]>;
  /**
   * the newest first, a thousand at most
   * @param since only those of this ISO time and later
   */
  deliveries(id: string, since?: string): Promise<HookDelivery[]>;
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
