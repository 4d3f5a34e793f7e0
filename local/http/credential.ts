import type { FastifyRequest } from 'fastify';
import { urlOf } from './url.ts';

/** What the signature of a request says of its caller; nothing here is verified, as no secret is shared. */
export interface Credential {
  readonly accessKeyId: string;
  /** the SigV4 service name */
  readonly service: string;
}

const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;

/** Reads the credential scope of a signed or presigned request; undefined for an unsigned one. */
export function credentialOf(request: FastifyRequest): Credential | undefined {
  const presigned = urlOf(request).query.get('X-Amz-Credential');
  const [, accessKeyId, service] =
    CREDENTIAL.exec(presigned ? `Credential=${presigned}` : (request.headers.authorization ?? '')) ?? [];
  return accessKeyId && service ? { accessKeyId, service } : undefined;
}
