import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Call, Guards, HttpCall, Principal, Service } from '../core/cloud.ts';
import { perform } from '../core/gate.ts';
import type { Authenticate } from './authenticate.ts';
import { type Credential, credentialOf } from './credential.ts';
import { foreignRequest } from './foreign-request.ts';
import { answerJson } from './json-rpc.ts';
import { answerQuery } from './query-rpc.ts';

export interface ServerParts {
  readonly services: () => readonly Service[];
  /** who has signed a request */
  readonly authenticate: Authenticate;
  readonly guards?: Guards;
  /** hears of each request that is not one of the runtime's own functions and builds */
  readonly arrived?: () => void;
  /** resolves when every resource is made; requests wait for it */
  readonly ready: Promise<unknown>;
}

/** The one HTTP server: signed requests go to the service they were signed for, others to what is mounted. */
export function createServer(parts: ServerParts): FastifyInstance {
  // Keys of S3 and detail bodies decide their own limits, so Fastify's are out of the way.
  const app = Fastify({
    bodyLimit: Number.MAX_SAFE_INTEGER,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 8192, ignoreTrailingSlash: false },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.all('/*', async (request, reply) => {
    await parts.ready;
    reply.headers(NO_PAGE);
    return answer(parts, request, reply);
  });
  return app;
}

/**
 * What AWS's faces answer is no page of this origin, whatever somebody has put into a bucket: pages that are mounted on it
 * have tokens.
 */
const NO_PAGE = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
} as const;

async function answer(parts: ServerParts, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const credential = credentialOf(request);
  const services = parts.services();
  if (!isOfSession(credential)) parts.arrived?.();
  if (!credential) return answerUnsigned(services, request, reply, anonymous());
  const foreign = foreignRequest(request);
  if (foreign) return refuse(reply, 403, 'AccessDenied', foreign);
  const service = services.find(({ name }) => name === credential.service);
  if (!service)
    return refuse(
      reply,
      501,
      'UnsupportedService',
      `the local runtime has no service ${credential.service}; docs/local.md lists what it has`,
    );
  return answerSigned(service, request, reply, await signedCall(parts, request, credential, service));
}

/** A session's key is that of a function or a build, which are the runtime's own. */
const isOfSession = (credential: Credential | undefined): boolean =>
  credential !== undefined && credential.sessionToken !== '';

async function signedCall(
  { authenticate, guards }: ServerParts,
  request: FastifyRequest,
  credential: Credential,
  service: Service,
): Promise<HttpCall> {
  const requestId = randomUUID();
  try {
    const principal = await authenticate(request, credential, service);
    return httpCall(service, { principal, requestId }, guards);
  } catch (refusal) {
    return refused(requestId, refusal);
  }
}

/** Nobody, until a handler has found out who it is. */
const anonymous = (): Call => ({ principal: ANONYMOUS, requestId: randomUUID() });
const ANONYMOUS: Principal = { arn: 'anonymous', accessKeyId: 'anonymous' };

/** A call that carries nothing out, so that the service says in its own protocol why. */
const refused = (requestId: string, refusal: unknown): HttpCall => ({
  principal: ANONYMOUS,
  requestId,
  perform: () => {
    throw refusal;
  },
});

/** In the service's protocol: REST, which it reads itself, or one of the two RPC protocols. */
function answerSigned(
  service: Service,
  request: FastifyRequest,
  reply: FastifyReply,
  own: HttpCall,
): Promise<unknown> {
  if (service.http) return service.http(request, reply, own);
  const target = request.headers['x-amz-target'];
  return typeof target === 'string'
    ? answerJson(request, reply, own, target)
    : answerQuery(service, request, reply, own);
}

function httpCall(service: Service, call: Call, guards: Guards = {}): HttpCall {
  return { ...call, perform: (operation, input) => perform(service, operation, input, call, guards) };
}

function answerUnsigned(
  services: readonly Service[],
  request: FastifyRequest,
  reply: FastifyReply,
  call: Call,
): unknown {
  for (const service of services) {
    for (const [prefix, handle] of Object.entries(service.mounts ?? {})) {
      if (request.url.startsWith(prefix)) return handle(request, reply, httpCall(service, call));
    }
  }
  return refuse(
    reply,
    403,
    'MissingAuthenticationToken',
    `${request.method} ${request.url} is not signed, and nothing is served there unsigned`,
  );
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply
    .code(status)
    .header('x-amzn-errortype', code)
    .type('application/json')
    .send({ __type: code, message });
}
