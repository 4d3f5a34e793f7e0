import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { REGION } from '../core/account-and-region.ts';
import { AwsError } from '../core/aws-error.ts';
import type { Principal, Service } from '../core/cloud.ts';
import type { Identities, Identity } from '../core/identity.ts';
import { bodyOf, MAX_RPC_BYTES, rpcTooLarge } from './body.ts';
import type { Credential } from './credential.ts';
import { signatureOf, type WireRequest } from './signature.ts';
import { urlOf } from './url.ts';

/**
 * Who has signed a request. It may read the body, and leaves it to be read again.
 * @throws the service's own error for a key that is not known, and for a signature that is not the key's
 */
export type Authenticate = (
  request: FastifyRequest,
  credential: Credential,
  service: Service,
) => Promise<Principal>;

/** Checks the signature of each request against the keys of the state folder. */
export function authenticator(identities: Identities): Authenticate {
  return async (request, credential, service) => {
    const codes = codesOf(service);
    const identity = identities.byAccessKey(credential.accessKeyId);
    if (!identity || !hasToken(identity, credential)) throw unknown(codes, credential);
    checkRegion(codes, credential);
    checkTime(codes, credential, request);
    const payload = service.name === 's3' ? objectHash(request, credential) : await bodyHash(request);
    const expected = signatureOf(wire(request), credential, identity.secretAccessKey, payload);
    if (!same(expected, credential.signature)) throw mismatch(codes, credential);
    return identity.principal;
  };
}

const wire = ({ method, url, raw }: FastifyRequest): WireRequest => ({
  method,
  url,
  rawHeaders: raw.rawHeaders,
});

interface Codes {
  readonly unknown: string;
  readonly mismatch: string;
  /** of a signature of another time */
  readonly skewed: string;
  /** of one for another Region */
  readonly elsewhere: readonly [code: string, status: number];
  readonly status: number;
}

// The error codes of each of AWS's protocols.
const S3: Codes = {
  unknown: 'InvalidAccessKeyId',
  mismatch: 'SignatureDoesNotMatch',
  skewed: 'RequestTimeTooSkewed',
  elsewhere: ['AuthorizationHeaderMalformed', 400],
  status: 403,
};
const QUERY: Codes = {
  unknown: 'InvalidClientTokenId',
  mismatch: 'SignatureDoesNotMatch',
  skewed: 'SignatureDoesNotMatch',
  elsewhere: ['SignatureDoesNotMatch', 403],
  status: 403,
};
const REST: Codes = {
  unknown: 'UnrecognizedClientException',
  mismatch: 'InvalidSignatureException',
  skewed: 'InvalidSignatureException',
  elsewhere: ['InvalidSignatureException', 403],
  status: 403,
};
const JSON_RPC: Codes = { ...REST, elsewhere: ['InvalidSignatureException', 400], status: 400 };

function codesOf({ name, query, http }: Service): Codes {
  if (name === 's3') return S3;
  if (query) return QUERY;
  return http ? REST : JSON_RPC;
}

const unknown = ({ unknown: code, status }: Codes, { accessKeyId }: Credential): AwsError =>
  new AwsError(
    code,
    `the access key ${accessKeyId} is not of this runtime, or its session token is missing: use the keys that "hookline up" prints`,
    status,
  );

const mismatch = ({ mismatch: code, status }: Codes, { accessKeyId }: Credential): AwsError =>
  new AwsError(
    code,
    `the request's signature is not the one that the secret of ${accessKeyId} makes: check the secret access key and how the request is signed`,
    status,
  );

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RequestTimeTooSkewed; other services take less.
const MAX_AGE_MS = 15 * 60_000;
const TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

function checkRegion({ elsewhere }: Codes, { region }: Credential): void {
  if (region === REGION) return;
  throw new AwsError(
    elsewhere[0],
    `the request is signed for the Region ${region}, and this runtime is ${REGION}: set AWS_REGION=${REGION}`,
    elsewhere[1],
  );
}

/** A presigned address of S3 names its end. Other services do not look at X-Amz-Expires: to them it is a signature as any other. */
function checkTime(codes: Codes, { time, presigned }: Credential, request: FastifyRequest): void {
  const signed = Date.parse(time.replace(TIME, '$1-$2-$3T$4:$5:$6Z'));
  if (presigned && codes === S3) checkExpiry(signed, urlOf(request).query);
  // Of a time that is none, too.
  else if (!(Math.abs(Date.now() - signed) <= MAX_AGE_MS))
    throw new AwsError(
      codes.skewed,
      `the request was signed at ${time}, and it is ${new Date().toISOString()}: sign it when it is sent`,
      codes.status,
    );
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
const MOST_SECONDS = 7 * 24 * 60 * 60;

function checkExpiry(signed: number, query: URLSearchParams): void {
  const given = query.get('X-Amz-Expires') ?? '';
  const seconds = /^\d+$/.test(given) ? Number(given) : 0;
  if (Number.isNaN(signed) || seconds < 1 || seconds > MOST_SECONDS)
    throw new AwsError(
      'AuthorizationQueryParametersError',
      `X-Amz-Date is no time, or X-Amz-Expires is not 1 to ${MOST_SECONDS} seconds: sign the URL again, with both`,
    );
  const end = signed + seconds * 1000;
  if (signed - Date.now() > MAX_AGE_MS)
    throw denied(`is not valid yet: the URL was signed at ${iso(signed)}`);
  if (end < Date.now()) throw denied(`has expired: the URL was good until ${iso(end)}`);
}

const denied = (why: string): AwsError => new AwsError('AccessDenied', `Request ${why}`, 403);
const iso = (time: number): string => new Date(time).toISOString();

const hasToken = ({ sessionToken = '' }: Identity, credential: Credential): boolean =>
  same(sessionToken, credential.sessionToken);

/** Takes the same time wherever the two differ. */
function same(expected: string, given: string): boolean {
  const [left, right] = [expected, given].map((value) => createHash('sha256').update(value).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

/** S3 says in the request what its payload is, and holds the body against it while it is stored. */
function objectHash(request: FastifyRequest, { presigned }: Credential): string {
  const header = request.headers['x-amz-content-sha256'];
  if (typeof header === 'string') return header;
  if (presigned) return urlOf(request).query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD';
  throw new AwsError(
    'InvalidRequest',
    'the header x-amz-content-sha256 is missing: give it the SHA-256 of the body, or UNSIGNED-PAYLOAD',
  );
}

async function bodyHash(request: FastifyRequest): Promise<string> {
  const body = await bodyOf(request, MAX_RPC_BYTES, rpcTooLarge);
  request.body = [body];
  return createHash('sha256').update(body).digest('hex');
}
