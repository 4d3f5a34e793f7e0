import type { FastifyRequest } from 'fastify';
import { AwsError } from '../core/aws-error.ts';

// DynamoDB's largest request is 16 MB, and no RPC service here takes more.
export const MAX_RPC_BYTES = 16 * 1024 * 1024;

/**
 * Reads the body of a request.
 * @param max bytes that the body may have
 * @param tooLarge makes the error for a body with more
 */
export async function bodyOf(request: FastifyRequest, max: number, tooLarge: () => Error): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest is read and thrown away, so that the sender gets to its answer.
    if (size <= max) chunks.push(chunk);
  }
  if (size > max) throw tooLarge();
  return Buffer.concat(chunks);
}

/** The error for a body over `MAX_RPC_BYTES`. */
export const rpcTooLarge = (): AwsError =>
  new AwsError('RequestEntityTooLarge', `a request may hold ${MAX_RPC_BYTES} bytes`, 413);

/** Reads the body of a request in one of AWS's two RPC protocols, JSON or query. */
export async function rpcBody(request: FastifyRequest): Promise<string> {
  const body = await bodyOf(request, MAX_RPC_BYTES, rpcTooLarge);
  return body.toString('utf8');
}
