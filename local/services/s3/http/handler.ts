import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { type AwsError, asAwsError } from '../../../core/aws-error.ts';
import type { Call, HttpCall, HttpHandler, Service } from '../../../core/cloud.ts';
import { addressOf } from './address.ts';
import { sendAnswer } from './answer.ts';
import { membersOf } from './request.ts';
import { routeOf } from './route.ts';
import { errorXml } from './xml.ts';

/** S3's REST protocol, the bucket in the path or in the host's name. */
export function s3Http(operations: Service['operations']): HttpHandler {
  return async (request, reply, call) => {
    reply.headers({ 'x-amz-request-id': call.requestId, 'x-amz-id-2': call.requestId });
    try {
      return await answer(operations, request, reply, call);
    } catch (error) {
      return sendFault(request, reply, call, asAwsError(error));
    }
  };
}

async function answer(
  operations: Service['operations'],
  request: FastifyRequest,
  reply: FastifyReply,
  call: HttpCall,
): Promise<unknown> {
  const address = addressOf(request);
  const copies = 'x-amz-copy-source' in request.headers || address.query.has('x-amz-copy-source');
  const route = routeOf(request.method, address, copies);
  const input = await membersOf(request, route, address, memberNames(operations[route.operation]));
  const output = await call.perform(route.operation, input);
  await readable(output);
  return sendAnswer(reply, route, output, address.query);
}

const withBody = z.looseObject({ Body: z.instanceof(Readable) });

/** Waits for the first bytes of an object: what keeps them from being read is an error, and no answer that breaks off. */
async function readable(output: unknown): Promise<void> {
  const { data } = withBody.safeParse(output);
  if (data) await once(data.Body, 'readable');
}

function memberNames(operation: Service['operations'][string] | undefined): ReadonlySet<string> {
  const schema = operation?.schema;
  return new Set(schema instanceof z.ZodObject ? Object.keys(schema.shape) : []);
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
