import type { FastifyReply, FastifyRequest } from 'fastify';
import { AwsError, asAwsError } from '../core/aws-error.ts';
import type { HttpCall } from '../core/cloud.ts';
import { rpcBody } from './body.ts';

/** The operation that an `X-Amz-Target` names: `PutEvents` of `AWSEvents.PutEvents`. */
export const operationOf = (target: string): string => target.slice(target.lastIndexOf('.') + 1);

/**
 * Answers a call in AWS's JSON protocol.
 * @param target the request's `X-Amz-Target`
 */
export async function answerJson(
  request: FastifyRequest,
  reply: FastifyReply,
  call: HttpCall,
  target: string,
): Promise<unknown> {
  reply
    .header('x-amzn-requestid', call.requestId)
    .type(request.headers['content-type'] ?? 'application/x-amz-json-1.1')
    .serializer((value: unknown) => JSON.stringify(value));
  try {
    const output = await call.perform(operationOf(target), jsonOf(await rpcBody(request)));
    return reply.send(output ?? {});
  } catch (error) {
    const { code, message, status, members } = asAwsError(error);
    return reply
      .code(status)
      .header('x-amzn-errortype', code)
      .send({ __type: code, message, ...members });
  }
}

/** Reads a request's body. @throws SerializationException for what is not JSON */
export function jsonOf(body: string): unknown {
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch (cause) {
    throw new AwsError('SerializationException', `the request's body is not JSON: ${String(cause)}`);
  }
}
