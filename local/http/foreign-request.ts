import type { FastifyRequest } from 'fastify';

// A browser takes `*.localhost` for this machine, and S3 has the bucket there.
const LOOPBACK = /^(127\.0\.0\.1|\[::1\]|([^.]+\.)*localhost)$/;

/**
 * Why a request to the AWS API is not one that a program of this machine makes, if so. A browser sends what any page
 * asks it to, and presigned addresses go about.
 */
export function foreignRequest({ headers, hostname }: FastifyRequest): string | undefined {
  // Whose name it is decides where it leads: a page elsewhere may point its own here.
  if (!LOOPBACK.test(hostname))
    return `the AWS API answers at 127.0.0.1 and localhost, not at ${JSON.stringify(hostname)}`;
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && origin !== `http://${host}`)
    return `the AWS API does not answer pages of ${JSON.stringify(origin)}`;
  if (site === 'cross-site')
    return 'the AWS API does not answer other pages: copy the address to where addresses are typed';
  return undefined;
}
