import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import { arnOf, type Connection, type State, throwNotFound } from './tables.ts';

/** The name of a connection or an API destination. */
export const destinationName = z
  .string()
  .regex(/^[.\-_A-Za-z0-9]{1,64}$/, 'a name holds 1 to 64 of A-Z a-z 0-9 . - _');

// A message of these names no value: it may be the secret.
const value = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[\x20-\x7e]+$/, 'holds other than the letters of ASCII');
const userName = value.regex(/^[^:]+$/, 'has no colon');
const headerName = value.regex(/^[!#$%&'*+.^_`|~\w-]+$/, 'is no name of a header');

export const createConnectionInput = z.strictObject({
  Name: destinationName,
  AuthorizationType: z.enum(['API_KEY', 'BASIC', 'OAUTH_CLIENT_CREDENTIALS']),
  AuthParameters: z.strictObject({
    ApiKeyAuthParameters: z.strictObject({ ApiKeyName: headerName, ApiKeyValue: value }).optional(),
    BasicAuthParameters: z.strictObject({ Username: userName, Password: value }).optional(),
  }),
});
type CreateConnection = z.infer<typeof createConnectionInput>;

/** @throws ResourceAlreadyExistsException, ValidationException; UnsupportedOperation for OAuth */
export async function createConnection(state: State, input: CreateConnection) {
  const { Name: name } = input;
  const authorization = authorizationOf(input);
  if (state.connections.get(name))
    throw new AwsError('ResourceAlreadyExistsException', `Connection ${name} already exists.`);
  const arn = arnOf(state.cloud, `connection/${name}/${randomUUID()}`);
  const connection = { name, arn, ...authorization, created: Date.now() };
  await state.connections.put(name, connection);
  return summary(connection);
}

function authorizationOf({
  AuthorizationType,
  AuthParameters: { ApiKeyAuthParameters: key, BasicAuthParameters: basic },
}: CreateConnection): Pick<Connection, 'type' | 'user' | 'header' | 'secret'> {
  if (AuthorizationType === 'OAUTH_CLIENT_CREDENTIALS')
    throw unsupported('a connection of the type OAUTH_CLIENT_CREDENTIALS');
  if (AuthorizationType === 'API_KEY' && key && !basic) {
    if (REMOVED.has(key.ApiKeyName.toLowerCase()))
      throw new AwsError('ValidationException', `EventBridge does not send the header ${key.ApiKeyName}`);
    return { type: 'API_KEY', user: key.ApiKeyName, header: key.ApiKeyName, secret: key.ApiKeyValue };
  }
  if (AuthorizationType === 'BASIC' && basic && !key) {
    const pair = Buffer.from(`${basic.Username}:${basic.Password}`).toString('base64');
    return { type: 'BASIC', user: basic.Username, header: 'Authorization', secret: `Basic ${pair}` };
  }
  throw new AwsError(
    'ValidationException',
    `AuthParameters are not those of the type ${AuthorizationType}: give these alone`,
  );
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
const REMOVED = new Set(
  `a-im accept-charset accept-datetime accept-encoding cache-control connection content-encoding content-length content-md5 date expect
  forwarded from host http2-settings if-match if-modified-since if-none-match if-range if-unmodified-since max-forwards origin pragma
  proxy-authorization range referer te trailer transfer-encoding user-agent upgrade via warning`.split(/\s+/),
);

export const nameInput = z.strictObject({ Name: destinationName });
type Named = z.infer<typeof nameInput>;

/** A connection without its secret. @throws ResourceNotFoundException */
export function describeConnection(state: State, { Name }: Named) {
  const connection = connectionOf(state, Name);
  const { type, user } = connection;
  const AuthParameters =
    type === 'BASIC'
      ? { BasicAuthParameters: { Username: user } }
      : { ApiKeyAuthParameters: { ApiKeyName: user } };
  return { ...summary(connection), Name, AuthorizationType: type, AuthParameters };
}

/** @throws ResourceNotFoundException */
export async function deleteConnection(state: State, { Name }: Named) {
  const connection = connectionOf(state, Name);
  await state.connections.remove(Name);
  return { ...summary(connection), ConnectionState: 'DELETING' };
}

const connectionOf = ({ connections }: State, name: string): Connection =>
  connections.get(name) ?? throwNotFound(`Connection ${name} does not exist.`);

/** The connection with this ARN, if it is there. */
export function connectionByArn({ connections }: State, arn: string): Connection | undefined {
  const connection = connections.get(arn.split('/')[1] ?? '');
  return connection?.arn === arn ? connection : undefined;
}

const summary = ({ arn, created }: Connection) => ({
  ...{ ConnectionArn: arn, ConnectionState: 'AUTHORIZED' },
  ...{ CreationTime: created / 1000, LastModifiedTime: created / 1000, LastAuthorizedTime: created / 1000 },
});
