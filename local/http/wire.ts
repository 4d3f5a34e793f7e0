import { XMLBuilder } from 'fast-xml-parser';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AwsError, unsupported } from '../core/aws-error.ts';
import type { Call, Service } from '../core/cloud.ts';
import { urlOf } from './url.ts';

// DynamoDB's largest request is 16 MB, and no JSON service here takes more.
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** What the signature of a request says of its caller; nothing here is verified, as no secret is shared. */
export interface Credential {
  readonly accessKeyId: string;
  readonly service: string;
}

const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;

/** Reads the credential scope of a signed or presigned request. */
export function credentialOf(request: FastifyRequest): Credential | undefined {
  const presigned = urlOf(request).query.get('X-Amz-Credential');
  const [, accessKeyId, service] =
    CREDENTIAL.exec(presigned ? `Credential=${presigned}` : (request.headers.authorization ?? '')) ?? [];
  return accessKeyId && service ? { accessKeyId, service } : undefined;
}

/** Carries out a call in one of AWS's two RPC protocols, JSON or query, and writes the answer. */
export async function answerRpc(
  service: Service,
  request: FastifyRequest,
  reply: FastifyReply,
  call: Call,
  perform: (operation: string, input: unknown) => unknown,
): Promise<unknown> {
  const target = request.headers['x-amz-target'];
  const query = typeof target !== 'string';
  try {
    const body = await bodyOf(request);
    const operation = query ? queryAction(service, request, body) : target.slice(target.lastIndexOf('.') + 1);
    const output = await perform(operation, query ? queryInput(request, body) : jsonInput(body));
    return query
      ? sendXml(reply, call, 200, queryResult(operation, output, call))
      : sendJson(request, reply, call, 200, output ?? {});
  } catch (error) {
    const { code, message, status, members: more } = asAwsError(error);
    reply.header('x-amzn-errortype', code);
    return query
      ? sendXml(reply, call, status, queryFault(code, message, status, call))
      : sendJson(request, reply, call, status, { __type: code, message, ...more });
  }
}

/** Any error as an AWS error; what the runtime did not expect is its own fault, and says so. */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof Error && error.name === 'ZodError')
    return new AwsError('ValidationException', error.message);
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AwsError('InternalFailure', `the local runtime failed: ${message}`, 500);
}

async function bodyOf(request: FastifyRequest): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES)
      throw new AwsError('RequestEntityTooLarge', `a request may hold ${MAX_BODY_BYTES} bytes`, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonInput(body: string): unknown {
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch (cause) {
    throw new AwsError('SerializationException', `the request's body is not JSON: ${String(cause)}`);
  }
}

function queryAction(service: Service, request: FastifyRequest, body: string): string {
  // Of AWS's JSON services only SQS has it still.
  if (!service.query)
    throw unsupported(`the query protocol of ${service.name}: send X-Amz-Target, as clients since 2024 do`);
  const action = parameters(request, body).get('Action');
  if (!action)
    throw new AwsError('MissingAction', `a request to ${service.name} names no operation: send Action`);
  return action;
}

function parameters(request: FastifyRequest, body: string): URLSearchParams {
  return new URLSearchParams([...urlOf(request).query, ...new URLSearchParams(body)]);
}

/** `Tags.member.1.Key=a` becomes `{ Tags: [{ Key: 'a' }] }`. */
function queryInput(request: FastifyRequest, body: string): unknown {
  const root: Tree = new Map();
  for (const [name, value] of parameters(request, body)) {
    // Of the protocol, and of a presigned request.
    if (name === 'Action' || name === 'Version' || name.startsWith('X-Amz-')) continue;
    const path = name.split('.').filter((part) => part !== 'member');
    path
      .slice(0, -1)
      .reduce(branch, root)
      .set(path.at(-1) ?? name, value);
  }
  return listed(root);
}

// A map and not an object: the names come from outside, `__proto__` among them.
type Tree = Map<string, Tree | string>;

function branch(node: Tree, part: string): Tree {
  const next = node.get(part);
  if (next instanceof Map) return next;
  const made: Tree = new Map();
  node.set(part, made);
  return made;
}

function listed(value: Tree | string): unknown {
  if (typeof value === 'string') return value;
  const entries = [...value].map(([key, item]): [string, unknown] => [key, listed(item)]);
  return entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key))
    ? entries.map(([, item]) => item)
    : Object.fromEntries(entries);
}

const xml = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });

function queryResult(operation: string, output: unknown, call: Call): unknown {
  return {
    [`${operation}Response`]: {
      [`${operation}Result`]: members(output ?? {}),
      ResponseMetadata: { RequestId: call.requestId },
    },
  };
}

function queryFault(code: string, message: string, status: number, call: Call): unknown {
  const Type = status < 500 ? 'Sender' : 'Receiver';
  return { ErrorResponse: { Error: { Type, Code: code, Message: message }, RequestId: call.requestId } };
}

function members(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return { member: value.map(members) };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, members(item)]));
}

function sendXml(reply: FastifyReply, call: Call, status: number, body: unknown): FastifyReply {
  return reply.code(status).header('x-amzn-requestid', call.requestId).type('text/xml').send(xml.build(body));
}

function sendJson(
  request: FastifyRequest,
  reply: FastifyReply,
  call: Call,
  status: number,
  body: unknown,
): FastifyReply {
  return reply
    .code(status)
    .header('x-amzn-requestid', call.requestId)
    .type(request.headers['content-type'] ?? 'application/x-amz-json-1.1')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(body);
}
