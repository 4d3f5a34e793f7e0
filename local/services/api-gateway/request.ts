import { finished } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import type { Api, Method } from './api.ts';
import { violations } from './model.ts';
import { GatewayError } from './responses.ts';
import type { TemplateInput } from './template.ts';

export type Received = TemplateInput;

const MAX_BODY_BYTES = 10 * 1024 * 1024;

// An integration of API Gateway has 29 s by default, and nobody waits for the answer longer.
const BODY_MS = 30_000;

/** A body that has not come to its end in time. */
export class LateBody extends Error {
  override readonly name = 'LateBody';
}

/**
 * The body as text: API Gateway reads it as UTF-8, and what is none becomes a replacement character.
 * @throws GatewayError for one that is too large, LateBody
 */
export async function readBody({ raw }: FastifyRequest): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const take = (chunk: Buffer): void => {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  };
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), BODY_MS);
  try {
    await finished(raw.on('data', take), { signal: late.signal });
  } catch (cause) {
    throw late.signal.aborted ? new LateBody('the body came too slowly', { cause }) : cause;
  } finally {
    clearTimeout(timer);
    raw.off('data', take);
  }
  if (size > MAX_BODY_BYTES) throw new GatewayError('REQUEST_TOO_LARGE');
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Reads what is left of a body and throws it away: whoever is sending still gets to the answer, which an end of the connection
 * would hide. Who does not come to an end then loses the connection.
 */
export function passRest({ raw }: FastifyRequest): void {
  if (raw.readableEnded) return;
  const timer = setTimeout(() => raw.socket.destroy(), BODY_MS).unref();
  raw.once('end', () => clearTimeout(timer)).resume();
}

/** @throws GatewayError naming every required parameter that is missing; an empty one is missing */
export function checkParameters(api: Api, method: Method, { headers, query }: Received): void {
  if (!api.validators.get(method.RequestValidatorId ?? '')?.parameters) return;
  const names = new Map([...headers].map(([name, value]) => [name.toLowerCase(), value]));
  const missing = Object.entries(method.RequestParameters).flatMap(([parameter, required]) => {
    const [, kind, name = ''] = /^method\.request\.(header|querystring)\.(.+)$/.exec(parameter) ?? [];
    const value = kind === 'querystring' ? query.get(name) : names.get(name.toLowerCase());
    return required && !value ? [name] : [];
  });
  if (missing.length > 0)
    throw new GatewayError(
      'BAD_REQUEST_PARAMETERS',
      `Missing required request parameters: [${missing.join(', ')}]`,
    );
}

/**
 * The template for the request's content type; undefined when the body passes as it is.
 * @throws GatewayError for a content type that nothing passes for
 */
export function templateFor({ Integration }: Method, { headers }: Received): string | undefined {
  const { RequestTemplates: templates, PassthroughBehavior: passthrough } = Integration;
  const type = contentTypeOf(headers);
  if (Object.hasOwn(templates, type)) return templates[type];
  const passes =
    passthrough === 'WHEN_NO_MATCH' ||
    (passthrough === 'WHEN_NO_TEMPLATES' && Object.keys(templates).length === 0);
  if (!passes) throw new GatewayError('UNSUPPORTED_MEDIA_TYPE');
  return undefined;
}

function contentTypeOf(headers: ReadonlyMap<string, string>): string {
  const [, value = 'application/json'] =
    [...headers].find(([name]) => name.toLowerCase() === 'content-type') ?? [];
  return value.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** @throws GatewayError for a body that the model of its content type does not take */
export function checkBody(api: Api, method: Method, { body, headers }: Received): void {
  if (!api.validators.get(method.RequestValidatorId ?? '')?.body) return;
  const schema = api.models.get(method.RequestModels[contentTypeOf(headers)] ?? '');
  if (!schema) return;
  const value = parsed(body);
  const found = violations(schema, value);
  if (found.length > 0) throw new GatewayError('BAD_REQUEST_BODY', undefined, `[${found.join(', ')}]`);
}

function parsed(body: string): unknown {
  try {
    if (nesting(body) <= MAX_NESTING) return JSON.parse(body);
  } catch {
    // As what is nested too deep.
  }
  throw new GatewayError('BAD_REQUEST_BODY', undefined, 'Could not parse request body into json');
}

// As many as AWS's reader of JSON takes by default, and few enough for every function that calls itself for each:
// https://javadoc.io/static/com.fasterxml.jackson.core/jackson-core/2.15.0/com/fasterxml/jackson/core/StreamReadConstraints.html
const MAX_NESTING = 1000;

/** How deep the objects and arrays of a JSON text are nested. */
function nesting(text: string): number {
  let [depth, deepest, inString] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString && character === '\\') at += 1;
    else if (character === '"') inString = !inString;
    else if (inString) continue;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
