import type { FastifyRequest } from 'fastify';

/** The path and the query of a request. The text is split and not parsed as a URL: `//` is a path here. */
export function urlOf({ url }: FastifyRequest): {
  readonly path: string;
  readonly query: URLSearchParams;
} {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  return { path, query: new URLSearchParams(query) };
}
