import type { Cloud, Service } from '../../core/cloud.ts';
import { provisionBucket } from './buckets.ts';
import { completeUpload } from './complete.ts';
import { copyObject, uploadPartCopy } from './copy.ts';
import { deleteObject, deleteObjects } from './deletes.ts';
import { s3Http } from './http/handler.ts';
import { bucketSchema } from './input.ts';
import { startLifecycle } from './lifecycle.ts';
import { listObjectVersions } from './list-versions.ts';
import { listObjects, listObjectsV2 } from './lists.ts';
import { abortUpload, createUpload, listParts, listUploads, uploadPart } from './multipart.ts';
import { getObject, putObject } from './objects.ts';
import { bucketOf, stateOf } from './tables.ts';

/** S3: buckets of the template, versions, conditional writes, multipart uploads and life-cycle rules. */
export function s3Service(cloud: Cloud): Service {
  const state = stateOf(cloud);
  let stopLifecycle: (() => Promise<void>) | undefined;
  const bucket = (input: unknown) => bucketOf(state, bucketSchema.parse(input).Bucket);
  return {
    name: 's3',
    operations: {
      GetObject: (input) => getObject(state, input, true),
      HeadObject: (input) => getObject(state, input, false),
      PutObject: (input) => putObject(state, input),
      CopyObject: (input) => copyObject(state, input),
      DeleteObject: (input) => deleteObject(state, input),
      DeleteObjects: (input) => deleteObjects(state, input),
      ListObjectsV2: (input) => listObjectsV2(state, input),
      ListObjects: (input) => listObjects(state, input),
      ListObjectVersions: (input) => listObjectVersions(state, input),
      CreateMultipartUpload: (input) => createUpload(state, input),
      UploadPart: (input) => uploadPart(state, input),
      UploadPartCopy: (input) => uploadPartCopy(state, input),
      CompleteMultipartUpload: (input) => completeUpload(state, input),
      AbortMultipartUpload: (input) => abortUpload(state, input),
      ListParts: (input) => listParts(state, input),
      ListMultipartUploads: (input) => listUploads(state, input),
      HeadBucket: (input) => ({ BucketRegion: cloud.region, name: bucket(input).name }),
      GetBucketLocation: (input) => bucket(input) && {},
      GetBucketVersioning: (input) => (bucket(input).versioned ? { Status: 'Enabled' } : {}),
      ListBuckets: () => ({
        Owner: { ID: cloud.account },
        Buckets: [...state.buckets.entries()].map(({ value }) => ({
          Name: value.name,
          CreationDate: new Date(value.created),
        })),
      }),
    },
    http: s3Http(cloud),
    resources: {
      'AWS::S3::Bucket': (resource) => provisionBucket(state, resource),
      // Every caller here is of the one account, and over loopback: there is nothing for it to refuse.
      'AWS::S3::BucketPolicy': ({ generatedName }) => ({ ref: generatedName }),
    },
    removals: { 'AWS::S3::BucketPolicy': () => undefined },
    start: async () => {
      stopLifecycle = await startLifecycle(state);
    },
    stop: async () => stopLifecycle?.(),
  };
}
