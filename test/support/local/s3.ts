import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { s3Service } from '../../../local/services/s3/index.ts';
import { type FakeCloud, fakeCloud, make, serve, temporaryFolder } from '../../../local/testing.ts';

export interface S3Server {
  readonly cloud: FakeCloud;
  readonly endpoint: string;
  readonly client: S3Client;
  close(): Promise<void>;
}

/** S3 over HTTP with a versioned bucket `b` and a plain one `plain`. */
export async function startS3(folder: string): Promise<S3Server> {
  const cloud = fakeCloud(folder);
  const service = cloud.add(s3Service(cloud));
  await make(service, 'AWS::S3::Bucket', { VersioningConfiguration: { Status: 'Enabled' } }, 'b');
  await make(service, 'AWS::S3::Bucket', {}, 'plain');
  await service.start?.();
  const served = await serve([service]);
  const client = new S3Client({ ...served.client, forcePathStyle: true });
  const close = async () => {
    client.destroy();
    await served.close();
    await cloud.close();
  };
  return { cloud, endpoint: served.endpoint, client, close };
}

/** One S3 for the tests of a file, and what they do most, with the bucket `b`. */
export function s3ForTests() {
  const folder = temporaryFolder();
  let s3: S3Server;
  beforeAll(async () => {
    s3 = await startS3(join(folder.path, 'main'));
  });
  afterAll(async () => {
    await s3.close();
    folder.remove();
  });
  const put = (Key: string, Body: string | Buffer = 'x', more: object = {}) =>
    s3.client.send(new PutObjectCommand({ Bucket: 'b', Key, Body, ...more }));
  const get = (Key: string, more: object = {}) =>
    s3.client.send(new GetObjectCommand({ Bucket: 'b', Key, ...more }));
  const text = async (Key: string, more: object = {}) => (await get(Key, more)).Body?.transformToString();
  const blobs = join(folder.path, 'main', 's3');
  /** the files that hold the bytes of objects and parts */
  const files = () => readdirSync(blobs);
  return {
    /** the folder of `files` */
    folder: blobs,
    get client() {
      return s3.client;
    },
    get endpoint() {
      return s3.endpoint;
    },
    get cloud() {
      return s3.cloud;
    },
    put,
    get,
    text,
    files,
  };
}
