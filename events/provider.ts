import type { Delivery } from './delivery.ts';

// What a kind of git host is to the rest of Hookline. Each half stands in a file of its own in the provider's folder and
// in a list of its own in events/providers/, so that a function's bundle holds the half that the function uses.

/** What everybody knows of a provider: its names, its door and its addresses. */
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
}

/** What the door takes of a request. */
export interface Door {
  /** the names of request headers */
  readonly headers: {
    readonly event: string;
    readonly delivery: string;
    readonly signature: string;
    /** names the host in the `hosts` setting, when it is not the usual one */
    readonly host: string;
  };
  /**
   * what each of these headers is made of, as regular expressions of JavaScript and Java without backslashes: no header is
   * signed, and what is written otherwise does not come in
   */
  readonly patterns: Readonly<Record<'event' | 'delivery' | 'signature' | 'host', string>>;
  /** where a payload says which repository and which ref it is of: paths of JSON */
  readonly summary: { readonly repository: string; readonly ref: string };
  /** names a host by a name below a domain, where the header of the host is missing */
  readonly tenant?: { readonly header: string; readonly domain: string };
}

/** What a look at a delivery's signature found; only `valid` says that the host sent these bytes. */
export type SignatureCheck = 'valid' | 'missing' | 'malformed' | 'wrong';

/** What a webhook's headers say of it. */
export interface Envelope {
  readonly host: string;
  readonly event: string;
  readonly deliveryId: string;
}

/** A webhook in the shape that all hosts share. */
export interface Normalised {
  /** whatever the provider calls them, its events of a push and of a ping are `push` and `ping` */
  readonly delivery: Delivery;
  /** the files that a push changed; undefined when the payload does not say */
  readonly changed: readonly string[] | undefined;
}

/** The receiving half: who sent the bytes, and what they say. */
export interface Receiver {
  /**
   * Compares in constant time.
   * @param body the bytes as they came, before any parsing
   * @param signature the header's value, `""` when there was none
   * @param secrets those that are valid now: one, or two during a rotation
   */
  checkSignature(body: Uint8Array, signature: string, secrets: readonly string[]): SignatureCheck;
  /** a sentence for each signature that says nothing of a secret; what follows `the webhook of <host>` */
  readonly refusals: Readonly<Record<'missing' | 'malformed', string>>;
  /**
   * Reads a verified body.
   * @throws with each member that is not as the host sends it; the message never quotes the body
   */
  read(envelope: Envelope, body: Buffer): Normalised;
}

/** The REST API of one host. */
export interface HostApi {
  /** the host's name in the `hosts` setting, for messages */
  readonly host: string;
  readonly url: string;
  readonly token: string;
}

export type StatusState = 'pending' | 'success' | 'failure';

/** What the commit's page is told. */
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
}

/** A host that refuses a commit status is an answer, with its reason, and no error. */
export interface WrittenStatus {
  readonly status: 'written' | 'refused';
  readonly reason: string;
}

export type WriteStatus = (api: HostApi, status: CommitStatus) => Promise<WrittenStatus>;

/** A webhook that a host would send. */
export interface SentWebhook {
  /** as it stands in the header */
  readonly event: string;
  /** the headers of the request, the signature among them */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** What the host makes of a token. */
export type TokenResult =
  | { readonly result: 'ok'; readonly message: string }
  | { readonly result: 'warning' | 'failed'; readonly message: string; readonly advice: string };

/** The operator's half: the webhooks on a host, and whether host and token work. */
export interface Administration {
  /** @param of a repository or an organisation @throws for a name that is neither */
  hooks(api: HostApi, of: string): Hooks;
  /** @param api its token is `""` for a host without one */
  checkToken(api: HostApi): Promise<TokenResult>;
  /** a signed ping, as the host would send it */
  ping(sent: { host: string; secret: string; deliveryId: string }): SentWebhook;
}

/** A webhook on a host; whatever else the host says of it is there too. */
export interface Hook {
  readonly id: number;
  readonly active: boolean;
  readonly events: readonly string[];
  readonly config: { readonly url?: string | undefined };
}

/** What a host has sent by a webhook. */
export interface HookDelivery {
  readonly id: string;
  /** the id in the webhook's header; a redelivery keeps it */
  readonly guid: string;
  /** ISO time */
  readonly delivered_at: string;
  readonly event: string;
  readonly status: string;
  /** of the answer over HTTP */
  readonly status_code: number;
}

/** The webhooks of a repository or an organisation. */
export interface Hooks {
  list(): Promise<Hook[]>;
  /** makes the webhook, or brings the one with this address up to date; `['*']` for every event */
  create(wanted: {
    readonly url: string;
    readonly secret: string;
    readonly events: readonly string[];
  }): Promise<{ hook: Hook; created: boolean }>;
  ping(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** the newest first, a thousand at most */
  deliveries(id: string): Promise<HookDelivery[]>;
  redeliver(id: string, delivery: string): Promise<void>;
}
