import type { FastifyRequest } from 'fastify';
import { asAwsError, unsupported } from '../../core/aws-error.ts';
import type { HttpCall, HttpHandler } from '../../core/cloud.ts';
import { urlOf } from '../../http/url.ts';

const PIPE = /^\/v1\/pipes\/([^/]+)$/;

/** Pipes' REST protocol: ListPipes and DescribePipe. */
export const pipesHttp: HttpHandler = async (request, reply, call) => {
  reply.header('x-amzn-requestid', call.requestId).type('application/json');
  try {
    return reply.send(JSON.stringify(await answerTo(request, call)));
  } catch (error) {
    const { code, message, status } = asAwsError(error);
    return reply.code(status).header('x-amzn-errortype', code).send(JSON.stringify({ message }));
  }
};

function answerTo(request: FastifyRequest, { perform }: HttpCall): unknown {
  const { path, query } = urlOf(request);
  const [, name] = PIPE.exec(path) ?? [];
  if (request.method === 'GET' && name !== undefined)
    return perform('DescribePipe', { Name: decodeURIComponent(name) });
  if (request.method === 'GET' && path === '/v1/pipes')
    return perform('ListPipes', Object.fromEntries(query));
  throw unsupported(`pipes ${request.method} ${path}`);
}
