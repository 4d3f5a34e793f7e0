import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** Answers a reader who has the answer already with 304 and without a body, by the answer's tag. */
export function answerUnchanged(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    const tag = `"${createHash('sha256').update(payload).digest('base64url')}"`;
    // The page keeps the answer itself: nothing of a delivery is for the browser's disk.
    reply.header('etag', tag).header('cache-control', 'no-store');
    if (request.headers['if-none-match'] !== tag) return payload;
    reply.code(304).removeHeader('content-length').removeHeader('content-type');
    return null;
  });
}
