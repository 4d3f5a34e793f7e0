import * as z from 'zod';
import type { Cloud, Service } from '../../core/cloud.ts';
import { operation } from '../../core/gate.ts';
import { policyType } from './bucket-policy.ts';
import { bucketType } from './buckets.ts';
import { completeUpload } from './complete.ts';
import { copyObject, uploadPartCopy } from './copy.ts';
import { deleteObject, deleteObjects } from './deletes.ts';
import { s3Http } from './http/handler.ts';
import { bucketMembers } from './input.ts';
import { startLifecycle } from './lifecycle.ts';
import { listObjectVersions } from './list-versions.ts';
import { listObjects, listObjectsV2 } from './lists.ts';
import { abortUpload, createUpload, listParts, listUploads, uploadPart } from './multipart.ts';
import { getObject, headObject, putObject } from './objects.ts';
import { type Bucket, bucketOf, type State, stateOf } from './tables.ts';

/** S3: buckets of the template, versions, conditional writes, multipart uploads and life-cycle rules. */
export function s3Service(cloud: Cloud): Service {
  const state = stateOf(cloud);
  const operations = operationsOf(state);
  let stopLifecycle: (() => Promise<void>) | undefined;
  return {
    name: 's3',
    invalidInput: 'InvalidArgument',
    operations,
    http: s3Http(operations),
    resources: { 'AWS::S3::Bucket': bucketType(state), 'AWS::S3::BucketPolicy': policyType(cloud) },
    start: async () => {
      stopLifecycle = await startLifecycle(state);
    },
    stop: async () => stopLifecycle?.(),
  };
}

function operationsOf(state: State): Service['operations'] {
  const onBucket = (answer: (bucket: Bucket) => object) =>
    operation(z.strictObject(bucketMembers), ({ Bucket }) => answer(bucketOf(state, Bucket)));
  return {
    GetObject: getObject(state),
    HeadObject: headObject(state),
    PutObject: putObject(state),
    CopyObject: copyObject(state),
    DeleteObject: deleteObject(state),
    DeleteObjects: deleteObjects(state),
    ListObjectsV2: listObjectsV2(state),
    ListObjects: listObjects(state),
    ListObjectVersions: listObjectVersions(state),
    CreateMultipartUpload: createUpload(state),
    UploadPart: uploadPart(state),
    UploadPartCopy: uploadPartCopy(state),
    CompleteMultipartUpload: completeUpload(state),
    AbortMultipartUpload: abortUpload(state),
    ListParts: listParts(state),
    ListMultipartUploads: listUploads(state),
    HeadBucket: onBucket(({ name }) => ({ BucketRegion: state.cloud.region, name })),
    GetBucketLocation: onBucket(() => ({})),
    GetBucketVersioning: onBucket(({ versioned }) => (versioned ? { Status: 'Enabled' } : {})),
    ListBuckets: operation(z.strictObject({}), () => listBuckets(state)),
  };
}

function listBuckets({ cloud, buckets }: State): object {
  const Buckets = [...buckets.entries()].map(({ value: { name, created } }) => ({
    Name: name,
    CreationDate: new Date(created),
  }));
  return { Owner: { ID: cloud.account }, Buckets };
}
