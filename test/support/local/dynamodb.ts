import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Provisioned, Service } from '../../../local/core/cloud.ts';
import { makeResource } from '../../../local/core/gate.ts';
import { identities } from '../../../local/core/identity.ts';
import { createServer } from '../../../local/http/server.ts';
import { dynamoDbService } from '../../../local/services/dynamodb/index.ts';
import { type FakeCloud, fakeCloud } from './fake-cloud.ts';

export const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/deliveries';

export const BY_DAY = {
  IndexName: 'byDay',
  KeySchema: [
    { AttributeName: 'day', KeyType: 'HASH' },
    { AttributeName: 'receivedAt', KeyType: 'RANGE' },
  ],
  Projection: { ProjectionType: 'ALL' },
};

/** A table as the CDK writes it. */
export const DELIVERIES = {
  TableName: 'deliveries',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: ['id', 'day', 'receivedAt'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  GlobalSecondaryIndexes: [BY_DAY],
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
};

export interface Served {
  readonly cloud: FakeCloud;
  readonly table: Provisioned | undefined;
  readonly client: DynamoDBClient;
  readonly documents: DynamoDBDocumentClient;
  close(): Promise<void>;
}

/** Starts the service with one table, and clients of the AWS SDK that talk to it. */
export async function serve(folder: string, properties: object = DELIVERIES): Promise<Served> {
  const cloud = fakeCloud(folder);
  const service = cloud.add(dynamoDbService(cloud));
  try {
    const table = await provision(service, properties);
    await service.start?.();
    return { cloud, table, ...(await connect(cloud, service)) };
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

export const provision = async (service: Service, properties: object) =>
  makeResource(service, {
    stackName: 'Stack',
    logicalId: 'Table',
    type: 'AWS::DynamoDB::Table',
    generatedName: 'Stack-Table-1',
    properties: { ...properties },
  });

async function connect(cloud: FakeCloud, service: Service) {
  const app = createServer({
    services: () => [service],
    identities: identities('000000000000'),
    ready: Promise.resolve(),
  });
  const client = new DynamoDBClient({
    endpoint: await app.listen({ host: '127.0.0.1', port: 0 }),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const close = async () => {
    client.destroy();
    await app.close();
    await cloud.close();
  };
  return { client, documents: DynamoDBDocumentClient.from(client), close };
}
