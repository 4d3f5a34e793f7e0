import type { HostAddress } from './app.ts';
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
  /** of a branch's or a tag's files @param name without `refs/heads/` or `refs/tags/` */
  tree(name: string): string;
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
