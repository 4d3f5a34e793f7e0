import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const dynamo = new DynamoDBClient();
const s3 = new S3Client();

interface Order {
  readonly order: string;
  readonly quantity: number;
  readonly at: string;
}

/** Prices an order: 10 apiece. The receipt is written before the order is there to be found. */
export async function handler({ order, quantity, at }: Order): Promise<void> {
  const total = quantity * 10;
  const receipt = `${order}: ${quantity} for ${total}, ${at}`;
  await s3.send(new PutObjectCommand({ Bucket: process.env.RECEIPTS, Key: `${order}.txt`, Body: receipt }));
  const Item = { id: { S: order }, total: { N: String(total) } };
  await dynamo.send(new PutItemCommand({ TableName: process.env.TABLE, Item }));
}
