import { AwsError } from '../../aws-error.ts';

/** Which operation a request is for, and how its answer is written. */
export interface Route {
  readonly operation: string;
  /** the root element of an answer in XML; undefined when everything is in headers */
  readonly xml?: string;
  /** the body is XML to be read, an object's bytes, or nothing */
  readonly body?: 'xml' | 'bytes';
}

// Sub-resources that an SDK or the command line asks for by themselves.
const OBJECT_SUBRESOURCES = [
  'acl',
  'attributes',
  'legal-hold',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
];

/** @throws NotImplemented for what this S3 has not */
export function routeOf(
  method: string,
  bucket: string,
  key: string,
  query: URLSearchParams,
  copies: boolean,
): Route {
  const route =
    bucket === ''
      ? account(method)
      : key === ''
        ? bucketRoute(method, query)
        : objectRoute(method, query, copies);
  if (route) return route;
  throw new AwsError(
    'NotImplemented',
    `the local S3 has no ${method} of ${key === '' ? 'a bucket' : 'an object'} with ?${query}; docs/local.md lists what it has`,
    501,
  );
}

function account(method: string): Route | undefined {
  return method === 'GET' ? { operation: 'ListBuckets', xml: 'ListAllMyBucketsResult' } : undefined;
}

const BUCKET_LISTS: Readonly<Record<string, Route>> = {
  location: { operation: 'GetBucketLocation', xml: 'LocationConstraint' },
  versioning: { operation: 'GetBucketVersioning', xml: 'VersioningConfiguration' },
  versions: { operation: 'ListObjectVersions', xml: 'ListVersionsResult' },
  uploads: { operation: 'ListMultipartUploads', xml: 'ListMultipartUploadsResult' },
};

const LIST_PARAMETERS =
  /^(list-type|prefix|delimiter|marker|max-keys|continuation-token|start-after|encoding-type|fetch-owner|x-id|X-Amz-.*)$/;

function bucketRoute(method: string, query: URLSearchParams): Route | undefined {
  if (method === 'HEAD') return { operation: 'HeadBucket' };
  if (method === 'POST' && query.has('delete'))
    return { operation: 'DeleteObjects', xml: 'DeleteResult', body: 'xml' };
  if (method !== 'GET') return undefined;
  const named = Object.keys(BUCKET_LISTS).find((name) => query.has(name));
  if (named) return BUCKET_LISTS[named];
  if (![...query.keys()].every((name) => LIST_PARAMETERS.test(name))) return undefined;
  const operation = query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
  return { operation, xml: 'ListBucketResult' };
}

function objectRoute(method: string, query: URLSearchParams, copies: boolean): Route | undefined {
  if (OBJECT_SUBRESOURCES.some((name) => query.has(name))) return undefined;
  const upload = query.has('uploadId');
  switch (method) {
    case 'GET':
      return upload
        ? { operation: 'ListParts', xml: 'ListPartsResult' }
        : { operation: 'GetObject', body: 'bytes' };
    case 'HEAD':
      return { operation: 'HeadObject' };
    case 'DELETE':
      return { operation: upload ? 'AbortMultipartUpload' : 'DeleteObject' };
    case 'PUT':
      if (copies) return upload ? undefined : { operation: 'CopyObject', xml: 'CopyObjectResult' };
      return { operation: upload ? 'UploadPart' : 'PutObject', body: 'bytes' };
    case 'POST':
      if (query.has('uploads'))
        return { operation: 'CreateMultipartUpload', xml: 'InitiateMultipartUploadResult' };
      return upload
        ? { operation: 'CompleteMultipartUpload', xml: 'CompleteMultipartUploadResult', body: 'xml' }
        : undefined;
    default:
      return undefined;
  }
}
