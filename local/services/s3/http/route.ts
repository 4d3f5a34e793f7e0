import { AwsError } from '../../../core/aws-error.ts';
import type { Address } from './address.ts';

/** Which operation a request is for, and how its answer is written. */
export interface Route {
  readonly operation: string;
  /** the root element of an answer in XML; undefined when everything is in headers */
  readonly xml?: string;
  /** the request's body is XML to be read, or an object's bytes */
  readonly body?: 'xml' | 'bytes';
  /** of success, if not 200 */
  readonly status?: number;
}

/** @throws NotImplemented for what this S3 has not */
export function routeOf(method: string, { bucket, key, query }: Address, copies: boolean): Route {
  const sub = subresourcesOf(query);
  const route =
    bucket === ''
      ? accountRoute(method, sub)
      : key === ''
        ? bucketRoute(method, sub, query)
        : objectRoute(method, sub, copies);
  if (route) return route;
  throw new AwsError(
    'NotImplemented',
    `the local S3 has no ${method} of ${bucket === '' ? 'the account' : key === '' ? 'a bucket' : 'an object'}${query.size > 0 ? ` with ?${query}` : ''}; docs/local.md lists what it has`,
    501,
  );
}

// The names in a query that are parameters and no sub-resource.
const PARAMETERS =
  /^(continuation-token|delimiter|encoding-type|fetch-owner|key-marker|list-type|marker|max-keys|max-parts|max-uploads|partNumber|part-number-marker|prefix|response-.+|start-after|upload-id-marker|versionId|version-id-marker|x-id|x-amz-.+)$/i;

function subresourcesOf(query: URLSearchParams): string {
  return [...query.keys()].filter((name) => !PARAMETERS.test(name)).join('&');
}

function accountRoute(method: string, sub: string): Route | undefined {
  return `${method} ${sub}` === 'GET '
    ? { operation: 'ListBuckets', xml: 'ListAllMyBucketsResult' }
    : undefined;
}

const BUCKET: Readonly<Record<string, Route>> = {
  'HEAD ': { operation: 'HeadBucket' },
  'GET ': { operation: 'ListObjects', xml: 'ListBucketResult' },
  'GET location': { operation: 'GetBucketLocation', xml: 'LocationConstraint' },
  'GET versioning': { operation: 'GetBucketVersioning', xml: 'VersioningConfiguration' },
  'GET versions': { operation: 'ListObjectVersions', xml: 'ListVersionsResult' },
  'GET uploads': { operation: 'ListMultipartUploads', xml: 'ListMultipartUploadsResult' },
  'POST delete': { operation: 'DeleteObjects', xml: 'DeleteResult', body: 'xml' },
};

function bucketRoute(method: string, sub: string, query: URLSearchParams): Route | undefined {
  const isV2 = query.get('list-type') === '2' && `${method} ${sub}` === 'GET ';
  return isV2 ? { operation: 'ListObjectsV2', xml: 'ListBucketResult' } : BUCKET[`${method} ${sub}`];
}

const OBJECT: Readonly<Record<string, Route>> = {
  'GET ': { operation: 'GetObject' },
  'HEAD ': { operation: 'HeadObject' },
  'PUT ': { operation: 'PutObject', body: 'bytes' },
  'DELETE ': { operation: 'DeleteObject', status: 204 },
  'POST uploads': { operation: 'CreateMultipartUpload', xml: 'InitiateMultipartUploadResult' },
  'PUT uploadId': { operation: 'UploadPart', body: 'bytes' },
  'GET uploadId': { operation: 'ListParts', xml: 'ListPartsResult' },
  'POST uploadId': {
    operation: 'CompleteMultipartUpload',
    xml: 'CompleteMultipartUploadResult',
    body: 'xml',
  },
  'DELETE uploadId': { operation: 'AbortMultipartUpload', status: 204 },
};

const COPIES: Readonly<Record<string, Route>> = {
  'PUT ': { operation: 'CopyObject', xml: 'CopyObjectResult' },
  'PUT uploadId': { operation: 'UploadPartCopy', xml: 'CopyPartResult' },
};

function objectRoute(method: string, sub: string, copies: boolean): Route | undefined {
  return (copies ? COPIES : OBJECT)[`${method} ${sub}`];
}
