import type { FastifyReply, FastifyRequest } from 'fastify';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Call, Cloud, HttpHandler } from '../../core/cloud.ts';
import { urlOf } from '../../http/url.ts';
import { asAwsError } from '../../http/wire.ts';
import type { InvokeOutput } from './invoke.ts';

// One byte more than the largest payload is enough to refuse it.
const MAX_BODY_BYTES = 6 * 1024 * 1024 + 1;

const FUNCTIONS = '/2015-03-31/functions';
const FUNCTION = /^\/2015-03-31\/functions\/([^/]+)(\/invocations|\/configuration)?$/;

/** Lambda's REST protocol: Invoke, ListFunctions, GetFunction, GetFunctionConfiguration. */
export function lambdaHttp(cloud: Cloud): HttpHandler {
  return async (request, reply, call) => {
    reply.header('x-amzn-requestid', call.requestId);
    try {
      return await route(cloud, request, reply, call);
    } catch (error) {
      const { code, message, status } = asAwsError(error);
      reply.code(status).header('x-amzn-errortype', code);
      return sendJson(reply, { Type: status < 500 ? 'User' : 'Service', Message: message, message });
    }
  };
}

async function route(
  cloud: Cloud,
  request: FastifyRequest,
  reply: FastifyReply,
  call: Call,
): Promise<unknown> {
  const { path, query: searched } = urlOf(request);
  const query = Object.fromEntries(searched);
  const perform = (operation: string, input: object) =>
    cloud.call('lambda', operation, input, call.principal);
  const [, name, action] = FUNCTION.exec(path) ?? [];
  if (request.method === 'GET' && path.replace(/\/$/, '') === FUNCTIONS)
    return sendJson(reply, await perform('ListFunctions', query));
  if (!name) throw unsupported(`lambda ${request.method} ${path}`);
  const input = { ...query, FunctionName: decodeURIComponent(name) };
  if (request.method === 'POST' && action === '/invocations')
    return sendOutput(reply, await perform('Invoke', { ...input, ...(await invocation(request)) }));
  if (request.method === 'GET' && !action) return sendJson(reply, await perform('GetFunction', input));
  if (request.method === 'GET' && action === '/configuration')
    return sendJson(reply, await perform('GetFunctionConfiguration', input));
  throw unsupported(`lambda ${request.method} ${path}`);
}

async function invocation(request: FastifyRequest): Promise<object> {
  const header = (name: string) => request.headers[name];
  if (header('x-amz-log-type') === 'Tail') throw unsupported('LogType Tail: read the log group instead');
  return {
    Payload: await bodyOf(request),
    InvocationType: header('x-amz-invocation-type'),
    ClientContext: header('x-amz-client-context'),
  };
}

async function bodyOf(request: FastifyRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES)
      throw new AwsError(
        'RequestTooLargeException',
        `the payload is more than ${MAX_BODY_BYTES - 1} bytes`,
        413,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function sendOutput(reply: FastifyReply, output: unknown): FastifyReply {
  const { StatusCode, Payload, FunctionError, ExecutedVersion } = output as InvokeOutput;
  if (FunctionError) reply.header('x-amz-function-error', FunctionError);
  if (ExecutedVersion) reply.header('x-amz-executed-version', ExecutedVersion);
  return reply.code(StatusCode).type('application/json').send(Payload);
}

function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return reply.type('application/json').send(JSON.stringify(body));
}
