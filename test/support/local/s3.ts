import { S3Client } from '@aws-sdk/client-s3';
import { makeResource } from '../../../local/core/gate.ts';
import { identities } from '../../../local/core/identity.ts';
import { createServer } from '../../../local/http/server.ts';
import { s3Service } from '../../../local/services/s3/index.ts';
import { type FakeCloud, fakeCloud } from './fake-cloud.ts';

export interface S3Server {
  readonly cloud: FakeCloud;
  readonly endpoint: string;
  readonly client: S3Client;
  close(): Promise<void>;
}

/** S3 over HTTP with a versioned bucket `b` and a plain one `plain`. */
export async function startS3(folder: string, lifecycle: readonly object[] = []): Promise<S3Server> {
  const cloud = fakeCloud(folder);
  const service = cloud.add(s3Service(cloud));
  const common = { stackName: 's', type: 'AWS::S3::Bucket' };
  await makeResource(service, {
    ...common,
    logicalId: 'B',
    generatedName: 'b',
    properties: {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: { Rules: lifecycle },
    },
  });
  await makeResource(service, { ...common, logicalId: 'Plain', generatedName: 'plain', properties: {} });
  await service.start?.();
  const app = createServer({
    services: () => [service],
    identities: identities('000000000000'),
    ready: Promise.resolve(),
  });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    forcePathStyle: true,
    maxAttempts: 1,
  });
  const close = async () => {
    client.destroy();
    await app.close();
    await cloud.close();
  };
  return { cloud, endpoint, client, close };
}
