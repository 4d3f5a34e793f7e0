import { verify } from 'node:crypto';
import * as z from 'zod';

const headerSchema = z.looseObject({ alg: z.literal('RS256') });
const claimsSchema = z.looseObject({
  iat: z.number(),
  exp: z.number(),
  iss: z.union([z.string(), z.number()]).transform(String),
});

// GitHub takes no token that is valid for longer.
const MAX_LIFE_SECONDS = 600;

/** Who says to have signed a JSON Web Token; undefined for what is none, and for one whose time is not now. */
export function issuerOf(jwt: string, now = Date.now()): string | undefined {
  const [header, claims] = jwt.split('.');
  if (!headerSchema.safeParse(decoded(header)).success) return undefined;
  const { data } = claimsSchema.safeParse(decoded(claims));
  const seconds = now / 1000;
  if (!data || data.exp <= seconds || data.exp - seconds > MAX_LIFE_SECONDS || data.iat > seconds)
    return undefined;
  return data.iss;
}

/** Whether the private key of this public key has signed it. */
export function isSignedBy(jwt: string, publicKey: string): boolean {
  const end = jwt.lastIndexOf('.');
  const signature = Buffer.from(jwt.slice(end + 1), 'base64url');
  return verify('sha256', Buffer.from(jwt.slice(0, Math.max(end, 0))), publicKey, signature);
}

function decoded(part = ''): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}
