import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Call, HttpCall, Service } from '../core/cloud.ts';
import { perform } from '../core/gate.ts';
import type { Identities } from '../core/identity.ts';
import { credentialOf } from './credential.ts';
import { foreignRequest } from './foreign-request.ts';
import { answerJson } from './json-rpc.ts';
import { answerQuery } from './query-rpc.ts';

export interface ServerParts {
  readonly services: () => readonly Service[];
  readonly identities: Identities;
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
    return answer(parts, request, reply);
  });
  return app;
}

async function answer(parts: ServerParts, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const credential = credentialOf(request);
  const call: Call = {
    principal: parts.identities.byAccessKey(credential?.accessKeyId ?? 'anonymous'),
    requestId: randomUUID(),
  };
  const services = parts.services();
  if (!credential) return answerUnsigned(services, request, reply, call);
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
  return answerSigned(service, request, reply, call);
}

/** In the service's protocol: REST, which it reads itself, or one of the two RPC protocols. */
function answerSigned(
  service: Service,
  request: FastifyRequest,
  reply: FastifyReply,
  call: Call,
): Promise<unknown> {
  const own = httpCall(service, call);
  if (service.http) return service.http(request, reply, own);
  const target = request.headers['x-amz-target'];
  return typeof target === 'string'
    ? answerJson(request, reply, own, target)
    : answerQuery(service, request, reply, own);
}

function httpCall(service: Service, call: Call): HttpCall {
  return { ...call, perform: (operation, input) => perform(service, operation, input, call) };
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
