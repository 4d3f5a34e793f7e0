import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { AwsError, unsupported } from '../../../core/aws-error.ts';
import { bodyOf } from '../../../http/body.ts';
import type { Address } from './address.ts';
import { decodeChunked } from './aws-chunked.ts';
import { AMZ_HEADERS, HTTP_HEADERS, METADATA, PROTOCOL_HEADERS, QUERY } from './members.ts';
import type { Route } from './route.ts';
import { fromXml } from './xml.ts';

// The largest there can be is a list of 10,000 parts, each with its tag and a checksum.
const MAX_XML_BYTES = 8 * 1024 * 1024;

/**
 * The members of the operation's input, from the URL, the headers and the body.
 * @param known the members that the operation has: a header that HTTP defines, such as Content-Type, is a member only there
 * @throws UnsupportedOperation for a header that S3 defines and this S3 does not have
 */
export async function membersOf(
  request: FastifyRequest,
  route: Route,
  { bucket, key, query }: Address,
  known: ReadonlySet<string>,
): Promise<object> {
  const headers = headersOf(request, query);
  refuseUnknown(headers);
  const metadata = metadataOf(headers);
  const standard = {
    ...named(HTTP_HEADERS, headers),
    ContentEncoding: contentEncoding(headers.get('content-encoding')),
  };
  return {
    ...(bucket === '' ? {} : { Bucket: bucket }),
    ...(key === '' ? {} : { Key: key }),
    ...named(QUERY, query),
    ...Object.fromEntries(Object.entries(standard).filter(([member]) => known.has(member))),
    ...named(AMZ_HEADERS, headers),
    ...(Object.keys(metadata).length === 0 ? {} : { Metadata: metadata }),
    ...(await bodyMembers(route, request, headers)),
  };
}

function refuseUnknown(headers: Map<string, string>): void {
  for (const name of headers.keys()) {
    if (!name.startsWith('x-amz-') || name.startsWith(METADATA)) continue;
    if (!PROTOCOL_HEADERS.has(name) && !Object.hasOwn(AMZ_HEADERS, name))
      throw unsupported(`the header ${name} of an S3 request`);
  }
}

/** A presigned URL may have the headers that S3 itself defines in its query. */
function headersOf(request: FastifyRequest, query: URLSearchParams): Map<string, string> {
  const hoisted = [...query].map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const sent = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  return new Map([...hoisted.filter(([name]) => name.startsWith('x-amz-')), ...sent]);
}

type Lookup = { get(name: string): string | null | undefined };

function named(names: Readonly<Record<string, string>>, source: Lookup): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, member]) => {
      const value = source.get(name);
      return value === null || value === undefined ? [] : [[member, value]];
    }),
  );
}

function metadataOf(headers: Map<string, string>): Record<string, string> {
  const metadata = [...headers].filter(([name]) => name.startsWith(METADATA));
  return Object.fromEntries(metadata.map(([name, value]) => [name.slice(METADATA.length), value]));
}

/** `aws-chunked` is how the body came, not what the object is. */
function contentEncoding(value: string | undefined): string | undefined {
  const encodings = (value ?? '').split(',').map((each) => each.trim());
  return encodings.filter((each) => each !== 'aws-chunked').join(', ') || undefined;
}

async function bodyMembers(
  { operation, body }: Route,
  request: FastifyRequest,
  headers: Map<string, string>,
): Promise<object> {
  if (body === 'xml') return fromXml(operation, (await signedBody(request)).toString());
  if (body !== 'bytes') return {};
  const stream = (request.body ?? []) as AsyncIterable<Buffer>;
  const hash = headers.get('x-amz-content-sha256') ?? '';
  if (!hash.startsWith('STREAMING-')) {
    const signed = /^[0-9a-f]{64}$/.test(hash) ? { ContentSHA256: hash } : {};
    return { Body: Readable.from(stream, { objectMode: false }), ...signed };
  }
  const trailers = new Map<string, string>();
  const expected = Number(headers.get('x-amz-decoded-content-length') ?? Number.NaN);
  const Body = Readable.from(decodeChunked(stream, trailers, expected), { objectMode: false });
  return { Body, Trailers: () => named(AMZ_HEADERS, trailers) };
}

/** A whole body, which must have the hash that the request is signed over. @throws XAmzContentSHA256Mismatch */
async function signedBody(request: FastifyRequest): Promise<Buffer> {
  const body = await bodyOf(request, MAX_XML_BYTES, tooLarge);
  const hash = String(request.headers['x-amz-content-sha256'] ?? '');
  if (/^[0-9a-f]{64}$/.test(hash) && createHash('sha256').update(body).digest('hex') !== hash)
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      `the body does not have the SHA-256 ${hash} of x-amz-content-sha256: send it again`,
    );
  return body;
}

const tooLarge = (): AwsError =>
  new AwsError('MalformedXML', `the XML of a request may have ${MAX_XML_BYTES} bytes: send less at once`);
