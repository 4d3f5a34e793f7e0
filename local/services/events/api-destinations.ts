import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import { connectionByArn, destinationName, type nameInput } from './connections.ts';
import { type ApiDestination, arnOf, type State, throwNotFound } from './tables.ts';

export const createInput = z.strictObject({
  Name: destinationName,
  ConnectionArn: z.string(),
  InvocationEndpoint: z.string().min(1).max(2048),
  HttpMethod: z.enum(['POST', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']),
});

/** @throws ResourceAlreadyExistsException, ResourceNotFoundException for a connection that is not there, ValidationException */
export async function createApiDestination(state: State, input: z.infer<typeof createInput>) {
  const { Name: name, ConnectionArn: connectionArn, InvocationEndpoint: endpoint, HttpMethod } = input;
  if (HttpMethod !== 'POST') throw unsupported(`an API destination with the method ${HttpMethod}`);
  checkEndpoint(endpoint);
  if (!connectionByArn(state, connectionArn)) throwNotFound(`Connection '${connectionArn}' does not exist.`);
  if (state.destinations.get(name))
    throw new AwsError('ResourceAlreadyExistsException', `ApiDestination ${name} already exists.`);
  const arn = arnOf(state.cloud, `api-destination/${name}/${randomUUID()}`);
  const destination = { name, arn, connectionArn, endpoint, created: Date.now() };
  await state.destinations.put(name, destination);
  return summary(state, destination);
}

// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html
const ENDPOINT = /^(?:%[\da-f]{2}|[-()_.!~';/?:@&=+$,\w])+$/i;

function checkEndpoint(endpoint: string): void {
  if (endpoint.includes('*')) throw unsupported(`the wildcards of the endpoint ${endpoint}`);
  if (!endpoint.startsWith('https://') || !ENDPOINT.test(endpoint) || !URL.canParse(endpoint))
    throw new AwsError('ValidationException', `the endpoint ${endpoint} is no address of the form https://…`);
  if (new URL(endpoint).username !== '')
    throw new AwsError('ValidationException', 'the endpoint has a user: give a connection the secret');
}

/** @throws ResourceNotFoundException */
export function describeApiDestination(state: State, { Name }: z.infer<typeof nameInput>) {
  const destination = state.destinations.get(Name) ?? throwNotFound(`ApiDestination ${Name} does not exist.`);
  const { connectionArn: ConnectionArn, endpoint: InvocationEndpoint } = destination;
  return { ...summary(state, destination), Name, ConnectionArn, InvocationEndpoint, HttpMethod: 'POST' };
}

/** @throws ResourceNotFoundException */
export async function deleteApiDestination(state: State, input: z.infer<typeof nameInput>): Promise<void> {
  describeApiDestination(state, input);
  await state.destinations.remove(input.Name);
}

const summary = (state: State, { arn, connectionArn, created }: ApiDestination) => ({
  ApiDestinationArn: arn,
  ApiDestinationState: connectionByArn(state, connectionArn) ? 'ACTIVE' : 'INACTIVE',
  ...{ CreationTime: created / 1000, LastModifiedTime: created / 1000 },
});
