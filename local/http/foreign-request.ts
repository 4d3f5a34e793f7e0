import type { FastifyRequest } from 'fastify';

// A browser takes `*.localhost` for this machine, and S3 has the bucket there.
const LOOPBACK = /^(127\.0\.0\.1|\[::1\]|([^.]+\.)*localhost)$/;

/**
 * The reason why no program of this machine can have made a request to the AWS API; undefined for a request that one
 * can have made. A browser sends whatever a page asks it to, and presigned addresses are passed on.
 */
export function foreignRequest({ headers, hostname }: FastifyRequest): string | undefined {
  // A page elsewhere may point a name of its own to this machine.
  if (!LOOPBACK.test(hostname))
    return `the AWS API answers at 127.0.0.1 and localhost, not at ${JSON.stringify(hostname)}`;
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && origin !== `http://${host}`)
    return `the AWS API does not answer pages of ${JSON.stringify(origin)}`;
  if (site === 'cross-site')
    return 'the AWS API does not answer other pages: copy the address to where addresses are typed';
  return undefined;
}
