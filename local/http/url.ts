import type { FastifyRequest } from 'fastify';

/** What a request's line says. It is split and not parsed: `//` is a path here and no URL. */
export function urlOf({ url }: FastifyRequest): {
  readonly path: string;
  readonly query: URLSearchParams;
} {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  return { path, query: new URLSearchParams(query) };
}
