import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Provisioned, Service } from '../../../local/core/cloud.ts';
import { dynamoDbService } from '../../../local/services/dynamodb/index.ts';
import { type FakeCloud, fakeCloud, make, serve } from '../../../local/testing.ts';

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

export interface Tables {
  readonly cloud: FakeCloud;
  readonly table: Provisioned;
  readonly client: DynamoDBClient;
  readonly documents: DynamoDBDocumentClient;
  close(): Promise<void>;
}

/** Starts the service with one table, and clients of the AWS SDK that talk to it. */
export async function startTables(folder: string, properties: object = DELIVERIES): Promise<Tables> {
  const cloud = fakeCloud(folder);
  const service = cloud.add(dynamoDbService(cloud));
  try {
    const table = await make(service, 'AWS::DynamoDB::Table', properties, 'Stack-Table-1');
    await service.start?.();
    return { cloud, table, ...(await connect(cloud, service)) };
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

async function connect(cloud: FakeCloud, service: Service) {
  const served = await serve([service]);
  const client = new DynamoDBClient(served.client);
  const close = async () => {
    client.destroy();
    await served.close();
    await cloud.close();
  };
  return { client, documents: DynamoDBDocumentClient.from(client), close };
}
