import { extname } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ConsoleOptions } from './options.ts';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

// Vite names every file but the page itself by a hash of its content.
const YEAR_SECONDS = 31_536_000;

/** Serves the files of the built page, and the page itself at every address that has no file's ending. */
export function pageRoutes(app: FastifyInstance, { page }: ConsoleOptions): void {
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
  });
  app.get('/', async (_request, reply) => sendPage(reply, await page()));
  app.get<{ Params: { '*': string } }>('/*', async ({ params: { '*': file } }, reply) => {
    // An id may have a dot, as the time in that of a delivery that no rule took.
    if (extname(file) === '' || file.startsWith('deliveries/')) return sendPage(reply, await page());
    return reply.sendFile(file, await page(), { maxAge: YEAR_SECONDS * 1000, immutable: true });
  });
}

function sendPage(reply: FastifyReply, root: string): FastifyReply {
  return reply
    .header('content-security-policy', POLICY)
    .sendFile('index.html', root, { cacheControl: false });
}
