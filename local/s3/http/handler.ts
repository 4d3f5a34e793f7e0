import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Call, Cloud, HttpHandler } from '../../cloud.ts';
import { asAwsError } from '../../wire.ts';
import { decodeChunked } from './aws-chunked.ts';
import { ANSWER_HEADERS, OVERRIDES, QUERY, REQUEST_HEADERS } from './members.ts';
import { type Route, routeOf } from './route.ts';
import { errorXml, fromXml, toXml } from './xml.ts';

/** S3's REST protocol, the bucket in the path or in the host's name. */
export function s3Http(cloud: Cloud): HttpHandler {
  return async (request, reply, call) => {
    reply.headers({ 'x-amz-request-id': call.requestId, 'x-amz-id-2': call.requestId });
    try {
      return await answer(cloud, request, reply, call);
    } catch (error) {
      const { code, message, status } = asAwsError(error);
      // The rest of an unread body stands between this answer and the next request.
      if (request.raw.readable) request.raw.resume();
      reply.code(status);
      if (request.method === 'HEAD' || status === 304) return reply.send();
      return reply.type('application/xml').send(errorXml(code, message, request.url, call.requestId));
    }
  };
}

async function answer(
  cloud: Cloud,
  request: FastifyRequest,
  reply: FastifyReply,
  call: Call,
): Promise<unknown> {
  const { bucket, key, query } = addressed(request);
  const route = routeOf(
    request.method,
    bucket,
    key,
    query,
    request.headers['x-amz-copy-source'] !== undefined,
  );
  const input = {
    Bucket: bucket,
    Key: key,
    ...membersOf(request, query),
    ...(await bodyMembers(route, request)),
  };
  const output = await cloud.call('s3', route.operation, input, call.principal);
  return send(reply, route, output as Record<string, unknown>, query);
}

/** `/bucket/key`, or `/key` at `bucket.localhost` */
function addressed(request: FastifyRequest): { bucket: string; key: string; query: URLSearchParams } {
  const [path = '', search = ''] = request.url.split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const host = /^(.+)\.localhost(?::\d+)?$/.exec(request.headers.host ?? '')?.[1];
  const parts = path.slice(1).split('/');
  const [bucket = '', ...key] = host === undefined ? parts : [host, ...parts];
  return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key.join('/')), query };
}

function membersOf(request: FastifyRequest, query: URLSearchParams): object {
  const members: Record<string, unknown> = {};
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value !== 'string') continue;
    const member = REQUEST_HEADERS[name];
    if (member) members[member] = value;
    if (name.startsWith('x-amz-meta-')) metadata[name.slice('x-amz-meta-'.length)] = value;
  }
  for (const [name, member] of Object.entries(QUERY)) if (query.has(name)) members[member] = query.get(name);
  return { ...members, ContentEncoding: contentEncoding(members.ContentEncoding), Metadata: metadata };
}

function contentEncoding(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const encodings = value.split(',').map((each) => each.trim());
  return encodings.filter((each) => each !== 'aws-chunked').join(', ') || undefined;
}

async function bodyMembers({ operation, body }: Route, request: FastifyRequest): Promise<object> {
  const stream = (request.body ?? []) as AsyncIterable<Buffer>;
  if (body === 'xml') {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return fromXml(operation, Buffer.concat(chunks).toString());
  }
  if (body !== 'bytes' || request.method === 'GET') return {};
  const trailers = new Map<string, string>();
  const chunked = String(request.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  const Body = Readable.from(chunked ? decodeChunked(stream, trailers) : stream, { objectMode: false });
  const Trailers = () =>
    Object.fromEntries(
      [...trailers].flatMap(([name, value]) =>
        REQUEST_HEADERS[name] ? [[REQUEST_HEADERS[name], value]] : [],
      ),
    );
  return { Body, Trailers };
}

function send(
  reply: FastifyReply,
  route: Route,
  output: Record<string, unknown>,
  query: URLSearchParams,
): FastifyReply {
  for (const [member, header] of Object.entries(ANSWER_HEADERS))
    if (output[member] !== undefined && !(route.xml && member === 'ETag'))
      reply.header(header, String(output[member]));
  if (output.LastModified instanceof Date) reply.header('last-modified', output.LastModified.toUTCString());
  for (const [name, value] of Object.entries((output.Metadata ?? {}) as Record<string, string>))
    reply.header(`x-amz-meta-${name}`, value);
  if (route.xml) return sendXml(reply, route.xml, route.operation, output, query);
  for (const [name, header] of Object.entries(OVERRIDES))
    if (query.has(name)) reply.header(header, query.get(name) ?? '');
  if (output.ContentRange !== undefined) reply.code(206);
  if (route.operation === 'DeleteObject' || route.operation === 'AbortMultipartUpload') reply.code(204);
  return reply.send(output.Body);
}

const LOCATION = /^Location/;

function sendXml(
  reply: FastifyReply,
  root: string,
  operation: string,
  output: Record<string, unknown>,
  query: URLSearchParams,
): FastifyReply {
  reply.type('application/xml').removeHeader('content-length');
  if (operation === 'CopyObject') return reply.send(toXml(root, (output.CopyObjectResult ?? {}) as object));
  if (LOCATION.test(root)) return reply.send(toXml(root, {}));
  const encoded =
    query.get('encoding-type') === 'url' ? { ...urlEncoded(output), EncodingType: 'url' } : output;
  return reply.send(toXml(root, encoded));
}

const ENCODED = new Set([
  'Key',
  'Prefix',
  'Delimiter',
  'Marker',
  'NextMarker',
  'KeyMarker',
  'NextKeyMarker',
  'StartAfter',
]);

/** Keys as a client asked for them: XML cannot hold every character that a key may. */
function urlEncoded(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (typeof member === 'string' && ENCODED.has(name))
        return [name, encodeURIComponent(member).replaceAll('%2F', '/').replaceAll('%20', '+')];
      return [
        name,
        Array.isArray(member) ? member.map((each) => urlEncoded(each as Record<string, unknown>)) : member,
      ];
    }),
  );
}
