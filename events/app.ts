import * as z from 'zod';

/** An application that a git host knows, and the private key by which it names itself there. */
export const appSchema = z.object({
  /** as the host numbers it, or its client id */
  id: z.string().regex(/^[\w.-]{1,100}$/),
  /** RSA, as PEM */
  privateKey: z.string().min(1),
});

export type App = z.infer<typeof appSchema>;

/** What a token is minted for, and all that it may be used for. */
export type TokenUse =
  | 'read'
  | 'statuses'
  | 'checks'
  | 'requests'
  | 'repository hooks'
  | 'organisation hooks';

export interface WantedToken {
  /** `owner/name`: the token is for no other, and for its owner where the use is of an organisation */
  readonly repository: string;
  readonly use: TokenUse;
}

export interface MintedToken {
  readonly token: string;
  /** ISO time */
  readonly expiresAt: string;
}

/** Where a host's REST API is. */
export interface HostAddress {
  /** the host's name in the `hosts` setting, for messages */
  readonly host: string;
  readonly url: string;
  /** the certificates of its private authority, as PEM */
  readonly ca?: string | undefined;
}

/** The half of a provider by which an App has tokens of its host. */
export interface AppTokens {
  /** names the App itself, for some minutes: no repository is read or written by it. @throws for a key that is none */
  own(app: App): string;
  /**
   * @throws HostRefused where the App is not known, not installed for the repository, or may not do it there; `HostUntrusted`,
   * and whatever a host that is away makes fail
   */
  mint(address: HostAddress, app: App, wanted: WantedToken): Promise<MintedToken>;
}
