import { createHash, createHmac } from 'node:crypto';
import type { Credential } from './credential.ts';

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** path and query */
  readonly url: string;
  /** names and values in turn */
  readonly rawHeaders: readonly string[];
}

/**
 * The signature, version 4, that a request must have: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @param payload the body's SHA-256 in hexadecimal, or what the service takes in its place
 * @returns hexadecimal
 */
export function signatureOf(
  request: WireRequest,
  credential: Credential,
  secret: string,
  payload: string,
): string {
  const { date, region, service, time } = credential;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const canonical = sha256(canonicalRequest(request, credential, payload));
  return hmac(signingKey(secret, scope), `AWS4-HMAC-SHA256\n${time}\n${scope}\n${canonical}`).toString('hex');
}

// One for each key, day and service: all of a runtime's are some dozens.
const MOST_KEYS = 1000;
const signingKeys = new Map<string, Buffer | string>();

/** The key that the secret makes for a scope: `20260101/us-east-1/s3/aws4_request`. */
function signingKey(secret: string, scope: string): Buffer | string {
  const id = `${secret}/${scope}`;
  const known = signingKeys.get(id);
  if (known) return known;
  const key = scope.split('/').reduce<Buffer | string>(hmac, `AWS4${secret}`);
  if (signingKeys.size >= MOST_KEYS) signingKeys.clear();
  signingKeys.set(id, key);
  return key;
}

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function canonicalRequest(
  { method, url, rawHeaders }: WireRequest,
  { service, signedHeaders }: Credential,
  payload: string,
): string {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  const headers = signedHeaders.map((name) => `${name}:${headerOf(rawHeaders, name)}\n`);
  return [
    method,
    service === 's3' ? encodedOnce(path) : encodedTwice(path),
    canonicalQuery(query),
    headers.join(''),
    signedHeaders.join(';'),
    payload,
  ].join('\n');
}

/** Every value of a header, as it was sent, without spaces around it or in a row. */
function headerOf(raw: readonly string[], wanted: string): string {
  const values = raw.filter((_, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === wanted);
  return values.map((value) => value.trim().replace(/ +/g, ' ')).join(',');
}

/** S3 takes a key as it is, `..` and `//` in it too. */
const encodedOnce = (path: string): string => path.split('/').map(decoded).map(encoded).join('/') || '/';

/** Every other service encodes what is encoded, after the path is made straight. */
function encodedTwice(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(encoded(part));
  }
  const end = parts.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${parts.join('/')}${end}`;
}

function canonicalQuery(query: string): string {
  const pairs = query.split('&').filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='));
  return pairs
    .map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      return [encoded(decoded(name)), encoded(decoded(value))] as const;
    })
    .sort(([name, value], [other, its]) => compare(name, other) || compare(value, its))
    .map((pair) => pair.join('='))
    .join('&');
}

const compare = (left: string, right: string): number => (left < right ? -1 : Number(left > right));

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // No client encodes so: its signature will not be right either.
    return text;
  }
}

/** Everything but letters, digits and `-._~`. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
