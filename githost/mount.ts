import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext } from './api/api-context.ts';
import { apiRoutes } from './api/index.ts';
import type { SmartHttp } from './http/smart-http.ts';
import type { Lfs } from './lfs/index.ts';

/** Mounts the host. Its requests have streams for bodies, whatever the server does with other bodies. */
export function mount(
  app: FastifyInstance,
  prefix: string,
  parts: ApiContext & {
    smart: SmartHttp;
    lfs: Lfs;
    /** why nothing is served now, if that is so; resolves when the host is ready */
    whyUnready: () => Promise<string | undefined>;
  },
): void {
  app.register(
    async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
      scope.addHook('onRequest', async (_request, reply) => {
        const why = await parts.whyUnready();
        if (why === undefined) return;
        return reply.code(503).header('retry-after', '1').send({ message: why });
      });
      scope.register(async (api) => apiRoutes(api, parts), { prefix: '/api/v3' });
      const answer = (request: FastifyRequest, reply: FastifyReply) => {
        const { pathname } = new URL(request.url, 'http://host');
        const path = pathname.slice(prefix.length);
        return (parts.lfs.serves(path) ? parts.lfs : parts.smart).handle(path, request, reply);
      };
      scope.all('/', answer);
      scope.all('/*', { bodyLimit: Number.MAX_SAFE_INTEGER }, answer);
    },
    { prefix },
  );
}
