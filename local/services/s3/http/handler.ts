import type { FastifyReply, FastifyRequest } from 'fastify';
import { AwsError } from '../../../core/aws-error.ts';
import type { Call, Cloud, HttpHandler } from '../../../core/cloud.ts';
import { asAwsError } from '../../../http/wire.ts';
import { addressOf } from './address.ts';
import { sendAnswer } from './answer.ts';
import { membersOf } from './request.ts';
import { routeOf } from './route.ts';
import { errorXml } from './xml.ts';

/** S3's REST protocol, the bucket in the path or in the host's name. */
export function s3Http(cloud: Cloud): HttpHandler {
  return async (request, reply, call) => {
    reply.headers({ 'x-amz-request-id': call.requestId, 'x-amz-id-2': call.requestId });
    try {
      return await answer(cloud, request, reply, call);
    } catch (error) {
      return sendFault(request, reply, call, faultOf(error));
    }
  };
}

async function answer(
  cloud: Cloud,
  request: FastifyRequest,
  reply: FastifyReply,
  call: Call,
): Promise<unknown> {
  const address = addressOf(request);
  const copies = 'x-amz-copy-source' in request.headers || address.query.has('x-amz-copy-source');
  const route = routeOf(request.method, address, copies);
  const input = await membersOf(request, route, address);
  const output = await cloud.call('s3', route.operation, input, call.principal);
  return sendAnswer(reply, route, output, address.query);
}

/** S3 has a code of its own for a member of the wrong form. */
function faultOf(error: unknown): AwsError {
  const fault = asAwsError(error);
  return fault.code === 'ValidationException' ? new AwsError('InvalidArgument', fault.message) : fault;
}

function sendFault(
  request: FastifyRequest,
  reply: FastifyReply,
  call: Call,
  { code, message, status, members }: AwsError,
): FastifyReply {
  // The rest of an unread body stands between this answer and the next request.
  if (request.raw.readable) request.raw.resume();
  reply.code(status);
  if (members.DeleteMarker) reply.header('x-amz-delete-marker', 'true');
  if (typeof members.VersionId === 'string') reply.header('x-amz-version-id', members.VersionId);
  if (typeof members.ETag === 'string') reply.header('etag', members.ETag);
  if (request.method === 'HEAD' || status === 304) return reply.send();
  return reply.type('application/xml').send(errorXml(code, message, request.url, call.requestId));
}
