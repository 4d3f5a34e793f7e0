import type { Delivery } from '../../../events/delivery.ts';

/** A webhook as a host sends it, and what it must become. */
export interface ProviderCase {
  /** as it stands in the header */
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** without what the envelope says: provider, host and id */
  readonly delivery: Omit<Delivery, 'provider' | 'host' | 'id'>;
  readonly changed?: readonly string[];
}

/** What a provider brings to the suite that runs against every one. */
export interface ProviderCases {
  /** what a host that has the secret puts in the signature's header */
  sign(body: Uint8Array, secret: string): string;
  /** a body whose signature somebody else has computed */
  readonly vector: { readonly body: string; readonly secret: string; readonly signature: string };
  /** signatures that are of another form than any host sends */
  readonly malformed: readonly string[];
  readonly push: ProviderCase;
  readonly pushOfTag: ProviderCase;
  readonly deletion: ProviderCase;
  readonly ping: ProviderCase;
  readonly unknownEvent: ProviderCase;
  /** a push whose repository or ref no host would send, and what the message says of it */
  readonly hostile: readonly { readonly payload: ProviderCase['payload']; readonly message: RegExp }[];
}
