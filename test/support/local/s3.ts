import { S3Client } from '@aws-sdk/client-s3';
import { s3Service } from '../../../local/services/s3/index.ts';
import { type FakeCloud, fakeCloud, make, serve } from '../../../local/testing.ts';

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
