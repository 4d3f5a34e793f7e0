import { dynamoDbService } from '../../../local/services/dynamodb/index.ts';
import { DELIVERIES, provision } from './dynamodb.ts';
import { fakeCloud } from './fake-cloud.ts';

// Puts items one after the other, says which are answered, and goes on until it is killed.
const [, , folder = ''] = process.argv;
const cloud = fakeCloud(folder);
await provision(cloud.add(dynamoDbService(cloud)), DELIVERIES);
for (let number = 0; ; number++) {
  const Item = { id: { S: String(number) }, day: { S: 'today' }, receivedAt: { S: String(number) } };
  await cloud.request('dynamodb', 'PutItem', { TableName: 'deliveries', Item });
  process.stdout.write(`${number}\n`);
}
