import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { AwsError } from '../../../core/aws-error.ts';
import type { Address } from './address.ts';
import { decodeChunked } from './aws-chunked.ts';
import { METADATA, QUERY, REQUEST_HEADERS } from './members.ts';
import type { Route } from './route.ts';
import { fromXml } from './xml.ts';

// The largest there can be is a list of 10,000 parts, each with its tag and a checksum.
const MAX_XML_BYTES = 8 * 1024 * 1024;

/** The members of the operation's input, from the URL, the headers and the body. */
export async function membersOf(
  request: FastifyRequest,
  route: Route,
  { bucket, key, query }: Address,
): Promise<object> {
  const headers = headersOf(request, query);
  return {
    Bucket: bucket,
    Key: key,
    ...named(QUERY, query),
    ...named(REQUEST_HEADERS, headers),
    ContentEncoding: contentEncoding(headers.get('content-encoding')),
    Metadata: metadataOf(headers),
    ...(await bodyMembers(route, request, headers)),
  };
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
  const stream = (request.body ?? []) as AsyncIterable<Buffer>;
  if (body === 'xml') return fromXml(operation, await textOf(stream));
  if (body !== 'bytes') return {};
  const hash = headers.get('x-amz-content-sha256') ?? '';
  if (!hash.startsWith('STREAMING-')) {
    const signed = /^[0-9a-f]{64}$/.test(hash) ? { ContentSHA256: hash } : {};
    return { Body: Readable.from(stream, { objectMode: false }), ...signed };
  }
  const trailers = new Map<string, string>();
  const expected = Number(headers.get('x-amz-decoded-content-length') ?? Number.NaN);
  const Body = Readable.from(decodeChunked(stream, trailers, expected), { objectMode: false });
  return { Body, Trailers: () => named(REQUEST_HEADERS, trailers) };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MAX_XML_BYTES)
      throw new AwsError(
        'MalformedXML',
        `the XML of a request may have ${MAX_XML_BYTES} bytes: send less at once`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
