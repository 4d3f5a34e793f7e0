import { XMLBuilder } from 'fast-xml-parser';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AwsError, asAwsError, unsupported } from '../core/aws-error.ts';
import type { Call, HttpCall, Service } from '../core/cloud.ts';
import { rpcBody } from './body.ts';
import { urlOf } from './url.ts';

/** Answers a call in AWS's query protocol, of a service that has it. */
export async function answerQuery(
  service: Service,
  request: FastifyRequest,
  reply: FastifyReply,
  call: HttpCall,
): Promise<unknown> {
  try {
    const given = parameters(request, await rpcBody(request));
    const operation = actionOf(service, given);
    const output = await call.perform(operation, inputOf(given));
    return sendXml(reply, call, 200, resultOf(operation, output, call));
  } catch (error) {
    const { code, message, status } = asAwsError(error);
    reply.header('x-amzn-errortype', code);
    return sendXml(reply, call, status, faultOf(code, message, status, call));
  }
}

function actionOf(service: Service, given: URLSearchParams): string {
  // Of AWS's JSON services only SQS has it still.
  if (!service.query)
    throw unsupported(`the query protocol of ${service.name}: send X-Amz-Target, as clients since 2024 do`);
  const action = given.get('Action');
  if (!action)
    throw new AwsError('MissingAction', `a request to ${service.name} names no operation: send Action`);
  return action;
}

function parameters(request: FastifyRequest, body: string): URLSearchParams {
  return new URLSearchParams([...urlOf(request).query, ...new URLSearchParams(body)]);
}

/** `Tags.member.1.Key=a` becomes `{ Tags: [{ Key: 'a' }] }`, and a map's entries become its members. */
function inputOf(given: URLSearchParams): unknown {
  const root: Tree = new Map();
  for (const [name, value] of given) {
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
  const map = value.get('entry');
  if (map instanceof Map && value.size === 1) return Object.fromEntries([...map.values()].map(entryOf));
  const entries = [...value].map(([key, item]): [string, unknown] => [key, listed(item)]);
  return entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key))
    ? entries.map(([, item]) => item)
    : Object.fromEntries(entries);
}

/** An entry of a map: `Attributes.entry.1.key=Policy`, `Attributes.entry.1.value={}`. */
function entryOf(entry: Tree | string): [string, unknown] {
  const [key, value] = entry instanceof Map ? [entry.get('key'), entry.get('value')] : [];
  if (typeof key === 'string' && value !== undefined) return [key, listed(value)];
  throw new AwsError('MalformedQueryString', 'an entry of a map has no key or no value: send both');
}

const xml = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });

function resultOf(operation: string, output: unknown, call: Call): unknown {
  return {
    [`${operation}Response`]: {
      [`${operation}Result`]: members(output ?? {}),
      ResponseMetadata: { RequestId: call.requestId },
    },
  };
}

function faultOf(code: string, message: string, status: number, call: Call): unknown {
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
