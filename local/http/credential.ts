import type { FastifyRequest } from 'fastify';
import { urlOf } from './url.ts';

/** The credential and the signature of a signed request. */
export interface Credential {
  readonly accessKeyId: string;
  /** `20260131` */
  readonly date: string;
  readonly region: string;
  /** the SigV4 service name */
  readonly service: string;
  /** `20260131T235959Z` */
  readonly time: string;
  /** names in lower case, as they are signed */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** "" where there is none */
  readonly sessionToken: string;
  /** whether the signature stands in the address, as in a presigned one */
  readonly presigned: boolean;
}

const SCOPE = /^([^/,\s]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/;
const MEMBER = /(Credential|SignedHeaders|Signature)=([^,\s]+)/g;

/** Reads the signature of a signed or presigned request, not yet verified; undefined for an unsigned one. */
export function credentialOf(request: FastifyRequest): Credential | undefined {
  const { query } = urlOf(request);
  const presigned = query.has('X-Amz-Credential');
  const members = presigned ? inQuery(query) : inHeaders(request);
  const [, accessKeyId, date, region, service] = SCOPE.exec(members.credential) ?? [];
  if (!accessKeyId || !date || !region || !service) return undefined;
  const { time, signature, sessionToken } = members;
  const signedHeaders = members.signedHeaders.split(';');
  return { accessKeyId, date, region, service, time, signedHeaders, signature, sessionToken, presigned };
}

type Members = Record<'credential' | 'time' | 'signedHeaders' | 'signature' | 'sessionToken', string>;

function inQuery(query: URLSearchParams): Members {
  const of = (name: string): string => query.get(`X-Amz-${name}`) ?? '';
  return {
    credential: of('Credential'),
    time: of('Date'),
    signedHeaders: of('SignedHeaders'),
    signature: of('Signature'),
    sessionToken: of('Security-Token'),
  };
}

function inHeaders({ headers }: FastifyRequest): Members {
  const given = new Map(
    [...(headers.authorization ?? '').matchAll(MEMBER)].map(([, name = '', value = '']) => [name, value]),
  );
  const of = (name: string): string => String(headers[name] ?? '');
  return {
    credential: given.get('Credential') ?? '',
    time: of('x-amz-date'),
    signedHeaders: given.get('SignedHeaders') ?? '',
    signature: given.get('Signature') ?? '',
    sessionToken: of('x-amz-security-token'),
  };
}
