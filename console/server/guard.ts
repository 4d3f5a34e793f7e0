import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** Refuses requests for any other host name: a page elsewhere may point its own name at the loopback address. */
export function guardHost(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (LOOPBACK.includes(request.hostname)) return;
    return reply.code(403).send({
      message: `the console answers at ${LOOPBACK.join(', ')}, not at ${JSON.stringify(request.hostname)}`,
    });
  });
}

/** Refuses requests without the token, which no other page of the browser has. */
export function guardToken(app: FastifyInstance, token: string): void {
  const expected = Buffer.from(`Bearer ${token}`);
  app.addHook('onRequest', async (request, reply) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) return;
    return reply.code(401).send({
      message: 'the token is missing or wrong: open the console by the address that hookline printed',
    });
  });
}
