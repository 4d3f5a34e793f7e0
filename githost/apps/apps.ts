import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { readJson, writeJsonNow } from '../files.ts';
import type { Access, Permissions } from './access.ts';
import { isSignedBy, issuerOf } from './jwt.ts';

const appSchema = z.object({
  id: z.number(),
  slug: z.string(),
  /** as PEM; the private key is its maker's alone */
  publicKey: z.string(),
  permissions: z.record(z.string(), z.string()),
});

/** An App of the host, which is installed for every repository. */
export type KnownApp = z.infer<typeof appSchema>;

export interface MintedToken extends Access {
  readonly token: string;
  /** ms of the epoch */
  readonly expires: number;
}

export interface Apps {
  create(wanted: { slug: string; permissions: Permissions }): { app: KnownApp; privateKey: string };
  /** the App that has signed a JSON Web Token */
  signedBy(jwt: string): KnownApp | undefined;
  mint(access: Access): MintedToken;
  /** the login and the access of a token that an App has minted */
  identify(token: string): { login: string; access: Access } | undefined;
}

// GitHub's.
const TOKEN_LIFE_MS = 60 * 60_000;

/** The Apps of the host; the tokens that they mint end with the process. */
export function createApps(directory: string): Apps {
  const file = join(directory, 'apps.json');
  const apps = z.array(appSchema).parse(readJson(file) ?? []);
  const tokens = new Map<string, MintedToken>();
  return {
    create: ({ slug, permissions }) => {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      });
      const app = { id: apps.length + 1, slug, publicKey, permissions: { metadata: 'read', ...permissions } };
      apps.push(app);
      writeJsonNow(file, apps);
      return { app, privateKey };
    },
    signedBy: (jwt) => {
      const issuer = issuerOf(jwt);
      const app = apps.find(({ id }) => String(id) === issuer);
      return app && isSignedBy(jwt, app.publicKey) ? app : undefined;
    },
    mint: (access) => {
      const token = `ghs_${randomBytes(27).toString('base64url')}`;
      const minted = { ...access, token, expires: Date.now() + TOKEN_LIFE_MS };
      tokens.set(token, minted);
      return minted;
    },
    identify: (token) => {
      const access = tokens.get(token);
      if (!access || access.expires <= Date.now()) return undefined;
      return { login: `${access.app.slug}[bot]`, access };
    },
  };
}
