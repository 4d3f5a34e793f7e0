import { CodePipelineServiceException } from '@aws-sdk/client-codepipeline';
import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { S3ServiceException } from '@aws-sdk/client-s3';
import { AwsError } from '../../../local/core/aws-error.ts';
import type { Steps } from '../functions/steps.ts';
import { attributesOf, itemOf } from './attribute-values.ts';

/** The services as the runtime names them, by the SDK's name of each. */
const SERVICES: Readonly<Record<string, string>> = {
  DynamoDB: 'dynamodb',
  S3: 's3',
  CodePipeline: 'codepipeline',
  SFN: 'states',
  EventBridge: 'events',
  SSM: 'ssm',
  'Secrets Manager': 'secretsmanager',
};

/** Commands of the client in plain JavaScript values. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  Query: 'Query',
  Scan: 'Scan',
};

/**
 * Makes an SDK client's call in this process: HTTP, signatures and text take nine tenths of the time that a call takes.
 * Throws as the client does.
 * @param command its name, `GetItem`
 */
export async function callInProcess(
  { call }: Pick<Steps, 'call'>,
  client: unknown,
  command: string,
  input: object,
): Promise<unknown> {
  const id = String(Reflect.get(Object(client), 'config')?.serviceId);
  const service = SERVICES[id];
  if (!service) throw new Error(`no service of the model is ${id}: put it into SERVICES`);
  const operation = service === 'dynamodb' ? DOCUMENTS[command] : undefined;
  // Nothing says how late a read is that does not ask for what was written last: here it finds nothing.
  if (command === 'Get' && Reflect.get(input, 'ConsistentRead') !== true) return {};
  try {
    if (operation) return plain(await call(service, operation, marshalled(input)));
    return await call(service, command, defined(input));
  } catch (error) {
    throw error instanceof AwsError ? thrownBy(service, error) : error;
  }
}

/** An item of a table; undefined when there is none. */
export async function readItem({ call }: Pick<Steps, 'call'>, TableName: string, id: string) {
  const { Item }: { Item?: Item } = Object(
    await call('dynamodb', 'GetItem', { TableName, Key: { id: { S: id } }, ConsistentRead: true }),
  );
  return Item && itemOf(Item);
}

/** The commit that an object shows; `""` when there is none. */
export async function readCommit({ call }: Pick<Steps, 'call'>, Key: string): Promise<string> {
  try {
    const { Metadata } = Object(await call('s3', 'HeadObject', { Bucket: 'artifacts', Key }));
    return String(Metadata.commit);
  } catch (error) {
    if (error instanceof AwsError && error.status === 404) return '';
    throw error;
  }
}

const defined = (input: object): object =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));

const ITEMS = new Set(['Key', 'Item', 'ExpressionAttributeValues']);

const marshalled = (input: object): object =>
  Object.fromEntries(
    Object.entries(defined(input)).map(([name, value]) => [
      name,
      ITEMS.has(name) ? attributesOf(value) : value,
    ]),
  );

type Item = Record<string, AttributeValue>;

function plain(output: unknown): object {
  const { Item, Attributes, Items }: { Item?: Item; Attributes?: Item; Items?: Item[] } = Object(output);
  return {
    ...(Item ? { Item: itemOf(Item) } : {}),
    ...(Attributes ? { Attributes: itemOf(Attributes) } : {}),
    ...(Items ? { Items: Items.map(itemOf) } : {}),
  };
}

/** The error as the SDK's client throws it. */
function thrownBy(service: string, { code: name, message, status }: AwsError): Error {
  const options = {
    name,
    message,
    $fault: status < 500 ? ('client' as const) : ('server' as const),
    $metadata: { httpStatusCode: status },
  };
  if (name === 'ConditionalCheckFailedException') return new ConditionalCheckFailedException(options);
  if (service === 's3') return new S3ServiceException(options);
  if (service === 'codepipeline') return new CodePipelineServiceException(options);
  return Object.assign(new Error(message), { name });
}
