import type { Access } from '../cloud.ts';
import { type Input, list, type Needs, text } from './needs.ts';

const ON_BUCKET: Readonly<Record<string, string>> = {
  HeadBucket: 'ListBucket',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  GetBucketLocation: 'GetBucketLocation',
  GetBucketVersioning: 'GetBucketVersioning',
};
const ON_OBJECT: Readonly<Record<string, string>> = {
  HeadObject: 'GetObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  CopyObject: 'PutObject',
  UploadPartCopy: 'PutObject',
  ListParts: 'ListMultipartUploadParts',
};

/** What a call of S3 needs: its policies name buckets and keys. */
export const s3: Needs = (operation, input) => {
  const bucket = text(input, 'Bucket');
  if (bucket === '') return [{ action: 'ListAllMyBuckets', resource: '*' }];
  const of = (path: string): string => `arn:aws:s3:::${path}`;
  const onBucket = ON_BUCKET[operation];
  if (onBucket) return [{ action: onBucket, resource: of(bucket) }];
  if (operation === 'DeleteObjects') return deleted(input).flatMap((each) => deletion(of(bucket), each));
  if (operation === 'DeleteObject') return deletion(of(bucket), input);
  const action = versioned(ON_OBJECT[operation] ?? operation, input);
  const conditions = writing(operation, input);
  const resource = of(`${bucket}/${text(input, 'Key')}`);
  const own = { action, resource, ...(conditions && { conditions }) };
  const source = text(input, 'CopySource');
  return [own, ...(conditions ? compared(resource, input) : []), ...(source === '' ? [] : [copied(source)])];
};

// Whether an operation makes an object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
const CREATES: Readonly<Record<string, boolean>> = {
  PutObject: true,
  CompleteMultipartUpload: true,
  CopyObject: true,
  CreateMultipartUpload: false,
  UploadPart: false,
  UploadPartCopy: false,
};

/** The keys of conditions that hang on a write. */
function writing(operation: string, input: Input): Access['conditions'] {
  const creates = Object.hasOwn(CREATES, operation) ? CREATES[operation] : undefined;
  if (creates === undefined) return undefined;
  const [match, noneMatch] = [text(input, 'IfMatch'), text(input, 'IfNoneMatch')];
  return {
    's3:ObjectCreationOperation': String(creates),
    ...(match !== '' && { 's3:if-match': match }),
    ...(noneMatch !== '' && { 's3:if-none-match': noneMatch }),
  };
}

const versioned = (action: string, input: Input): string =>
  action === 'GetObject' && text(input, 'VersionId') !== '' ? 'GetObjectVersion' : action;

const deleted = ({ Delete, Objects }: Input): Input[] => {
  const objects = list(
    Objects ?? (typeof Delete === 'object' && Delete && 'Objects' in Delete && Delete.Objects),
  );
  return objects.map((each) => ({ ...(typeof each === 'object' ? each : {}) }));
};

function deletion(bucket: string, input: Input): Access[] {
  const resource = `${bucket}/${text(input, 'Key')}`;
  const action = text(input, 'VersionId') === '' ? 'DeleteObject' : 'DeleteObjectVersion';
  return [{ action, resource }, ...compared(resource, input)];
}

/**
 * Who has S3 compare a tag must be allowed to read the object.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
 */
function compared(resource: string, input: Input): Access[] {
  const tag = text(input, 'IfMatch', 'ETag');
  return tag === '' || tag === '*' ? [] : [{ action: 'GetObject', resource }];
}

function copied(source: string): Access {
  const [path = '', version] = source.replace(/^\//, '').split('?versionId=');
  return {
    action: version === undefined ? 'GetObject' : 'GetObjectVersion',
    resource: `arn:aws:s3:::${decodeURIComponent(path)}`,
  };
}
