import type { FastifyReply, FastifyRequest } from 'fastify';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Cloud, HttpHandler } from '../../core/cloud.ts';
import type { AccessLogs } from './access-log.ts';
import type { Api, Stage } from './api.ts';
import { findMethod } from './find-method.ts';
import { integrate } from './integration.ts';
import {
  checkBody,
  checkParameters,
  LateBody,
  passRest,
  type Received,
  readBody,
  templateFor,
} from './request.ts';
import { type Answer, GATEWAY_RESPONSES, GatewayError, gatewayBody } from './responses.ts';

/** Serves `/execute-api/{api}/{stage}/{path}`. */
export function handler(cloud: Cloud, apis: ReadonlyMap<string, Api>, logs: AccessLogs): HttpHandler {
  return async (request, reply, call) => {
    const began = performance.now();
    const url = new URL(request.url, 'http://localhost');
    const [, , apiId = '', stageName = '', ...parts] = url.pathname.split('/');
    const api = apis.get(apiId);
    const stage = api?.stages.get(stageName);
    if (!api || !stage) return send(reply, forbidden(apiId, stageName), call, 'ForbiddenException');
    const path = `/${parts.join('/')}`;
    const context = contextOf(request, call, api, stageName, path);
    const answer = await answerTo(cloud, api, stage, request, { url, path, context });
    Object.assign(context, {
      status: answer.status,
      responseLength: Buffer.byteLength(answer.body),
      responseLatency: Math.round(performance.now() - began),
    });
    if (stage.log) logs.write(stage.log.group, stage.log.format, context);
    return send(reply, answer, call, errorType(context));
  };
}

function forbidden(apiId: string, stage: string): Answer {
  const message = `no API ${apiId} with a stage ${stage} is deployed here`;
  return { status: 403, body: JSON.stringify({ message }), headers: {} };
}

function send(reply: FastifyReply, answer: Answer, call: Call, type: string | undefined): FastifyReply {
  if (type) reply.header('x-amzn-errortype', type);
  passRest(reply.request);
  return reply
    .code(answer.status)
    .headers({ 'x-amzn-requestid': call.requestId, 'content-type': 'application/json', ...answer.headers })
    .send(answer.body);
}

function contextOf(
  request: FastifyRequest,
  { requestId }: Call,
  api: Api,
  stage: string,
  path: string,
): Record<string, unknown> {
  return {
    requestId,
    apiId: api.id,
    stage,
    httpMethod: request.method,
    path: `/${stage}${path}`,
    protocol: `HTTP/${request.raw.httpVersion}`,
    requestTime: new Date().toISOString(),
    requestTimeEpoch: Date.now(),
    identity: { sourceIp: request.ip, userAgent: request.headers['user-agent'] ?? '' },
    responseOverride: { header: {} },
  };
}

interface Target {
  readonly url: URL;
  readonly path: string;
  readonly context: Record<string, unknown>;
}

async function answerTo(
  cloud: Cloud,
  api: Api,
  stage: Stage,
  request: FastifyRequest,
  target: Target,
): Promise<Answer> {
  try {
    return await forward(cloud, api, stage, request, target);
  } catch (error) {
    if (error instanceof LateBody) return TIMED_OUT;
    const known = error instanceof GatewayError ? error : internalError(cloud, request, error);
    return gatewayAnswer(api, known, target.context);
  }
}

// None of the answers that a template may change.
const TIMED_OUT: Answer = { status: 408, body: JSON.stringify({ message: 'Request Timeout' }), headers: {} };

/**
 * Throttle, route, size, parameters, content type, body, integration: no body is held of a request that is refused without it.
 */
async function forward(
  cloud: Cloud,
  api: Api,
  stage: Stage,
  request: FastifyRequest,
  { url, path, context }: Target,
): Promise<Answer> {
  if (!stage.admit()) throw new GatewayError('THROTTLED');
  const found = findMethod(api, path, request.method);
  if (!found) throw new GatewayError('MISSING_AUTHENTICATION_TOKEN');
  context.resourcePath = found.resourcePath;
  const received: Received = {
    body: await readBody(request),
    headers: headersOf(request),
    query: new Map(url.searchParams),
    path: found.parameters,
    context,
  };
  checkParameters(api, found.method, received);
  const template = templateFor(found.method, received);
  checkBody(api, found.method, received);
  return integrate(cloud, found.method, received, template);
}

/** Headers with their names as they were sent; of several of one name the last. */
function headersOf({ raw }: FastifyRequest): Map<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index < raw.rawHeaders.length; index += 2)
    headers.set(raw.rawHeaders[index] ?? '', raw.rawHeaders[index + 1] ?? '');
  return headers;
}

function internalError(cloud: Cloud, { raw }: FastifyRequest, error: unknown): GatewayError {
  // A sender that leaves before its body is there is no failure of the API.
  if (!raw.readableAborted)
    cloud.warn(`the API failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return new GatewayError(error instanceof AwsError ? 'API_CONFIGURATION_ERROR' : 'INTEGRATION_FAILURE');
}

function gatewayAnswer(api: Api, error: GatewayError, context: Record<string, unknown>): Answer {
  const set = api.responses.get(error.type);
  context.error = {
    message: error.message,
    responseType: error.type,
    validationErrorString: error.validation,
  };
  return {
    status: set?.status ?? GATEWAY_RESPONSES[error.type].status,
    body: gatewayBody(set?.template ?? '{"message":$context.error.messageString}', error, context),
    headers: set?.headers ?? {},
  };
}

const ERROR_TYPES: Readonly<Record<string, string>> = {
  BAD_REQUEST_BODY: 'BadRequestException',
  BAD_REQUEST_PARAMETERS: 'BadRequestException',
  MISSING_AUTHENTICATION_TOKEN: 'MissingAuthenticationTokenException',
  REQUEST_TOO_LARGE: 'RequestTooLargeException',
  UNSUPPORTED_MEDIA_TYPE: 'UnsupportedMediaTypeException',
  THROTTLED: 'TooManyRequestsException',
  API_CONFIGURATION_ERROR: 'InternalServerErrorException',
  INTEGRATION_FAILURE: 'InternalServerErrorException',
};

function errorType({ error }: Record<string, unknown>): string | undefined {
  const type = typeof error === 'object' && error !== null ? Reflect.get(error, 'responseType') : undefined;
  return typeof type === 'string' ? ERROR_TYPES[type] : undefined;
}
