import { dynamoDbService } from '../../../local/services/dynamodb/index.ts';
import { fakeCloud, make } from '../../../local/testing.ts';
import { DELIVERIES } from './dynamodb.ts';

// Puts items one after the other, says which are answered, and goes on until it is killed.
const [, , folder = ''] = process.argv;
const cloud = fakeCloud(folder);
await make(cloud.add(dynamoDbService(cloud)), 'AWS::DynamoDB::Table', DELIVERIES);
for (let number = 0; ; number++) {
  const Item = { id: { S: String(number) }, day: { S: 'today' }, receivedAt: { S: String(number) } };
  await cloud.request('dynamodb', 'PutItem', { TableName: 'deliveries', Item });
  process.stdout.write(`${number}\n`);
}
