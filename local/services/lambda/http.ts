import type { FastifyReply, FastifyRequest } from 'fastify';
import { AwsError, asAwsError, unsupported } from '../../core/aws-error.ts';
import type { HttpCall, HttpHandler } from '../../core/cloud.ts';
import { bodyOf } from '../../http/body.ts';
import { urlOf } from '../../http/url.ts';
import { type InvokeOutput, MAX_PAYLOAD_BYTES } from './invoke.ts';

const FUNCTIONS = '/2015-03-31/functions';
const FUNCTION = /^\/2015-03-31\/functions\/([^/]+)(\/invocations|\/configuration)?$/;

/** Lambda's REST protocol: Invoke, ListFunctions, GetFunction, GetFunctionConfiguration. */
export const lambdaHttp: HttpHandler = async (request, reply, call) => {
  reply.header('x-amzn-requestid', call.requestId);
  try {
    return await route(request, reply, call);
  } catch (error) {
    const { code, message, status } = asAwsError(error);
    reply.code(status).header('x-amzn-errortype', code);
    return sendJson(reply, { Type: status < 500 ? 'User' : 'Service', Message: message, message });
  }
};

async function route(request: FastifyRequest, reply: FastifyReply, { perform }: HttpCall): Promise<unknown> {
  const { path, query: searched } = urlOf(request);
  const query = Object.fromEntries(searched);
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
  return {
    Payload: await bodyOf(request, MAX_PAYLOAD_BYTES, tooLarge),
    InvocationType: header('x-amz-invocation-type'),
    ClientContext: header('x-amz-client-context'),
    LogType: header('x-amz-log-type'),
  };
}

const tooLarge = (): AwsError =>
  new AwsError('RequestTooLargeException', `the payload is more than ${MAX_PAYLOAD_BYTES} bytes`, 413);

function sendOutput(reply: FastifyReply, output: unknown): FastifyReply {
  const { StatusCode, Payload, FunctionError, ExecutedVersion } = output as InvokeOutput;
  if (FunctionError) reply.header('x-amz-function-error', FunctionError);
  if (ExecutedVersion) reply.header('x-amz-executed-version', ExecutedVersion);
  return reply.code(StatusCode).type('application/json').send(Payload);
}

function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return reply.type('application/json').send(JSON.stringify(body));
}
