import { asAwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud, HttpHandler } from '../../core/cloud.ts';
import { urlOf } from '../../http/url.ts';

const PIPE = /^\/v1\/pipes\/([^/]+)$/;

/** Pipes' REST protocol: ListPipes and DescribePipe. */
export function pipesHttp(cloud: Cloud): HttpHandler {
  return async (request, reply, call) => {
    const { path, query } = urlOf(request);
    const [, name] = PIPE.exec(path) ?? [];
    reply.header('x-amzn-requestid', call.requestId).type('application/json');
    const perform = async (): Promise<unknown> => {
      if (request.method === 'GET' && name !== undefined)
        return cloud.call('pipes', 'DescribePipe', { Name: decodeURIComponent(name) }, call.principal);
      if (request.method === 'GET' && path === '/v1/pipes')
        return cloud.call('pipes', 'ListPipes', Object.fromEntries(query), call.principal);
      throw unsupported(`pipes ${request.method} ${path}`);
    };
    try {
      return reply.send(JSON.stringify(await perform()));
    } catch (error) {
      const { code, message, status } = asAwsError(error);
      return reply.code(status).header('x-amzn-errortype', code).send(JSON.stringify({ message }));
    }
  };
}
