import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { eventsService } from '../../../../local/services/events/index.ts';
import { iamService } from '../../../../local/services/iam/index.ts';
import { sqsService } from '../../../../local/services/sqs/index.ts';
import { temporaryFolder } from '../../../../local/testing.ts';
import { type BusTarget, busTarget } from '../../../support/local/bus-target.ts';

const SECRET = 'a-secret-of-the-chat';
const ENDPOINT = 'https://chat.test/hooks/1';
const ROLE = 'arn:aws:iam::000000000000:role/chat';

interface Asked {
  readonly headers: Record<string, string>;
  readonly body: string;
}
let asked: Asked[];
let answers: (() => Response)[];
const server = setupServer(
  http.post(ENDPOINT, async ({ request }) => {
    asked.push({ headers: Object.fromEntries(request.headers), body: await request.text() });
    return answers.shift()?.() ?? new HttpResponse(null, { status: 204 });
  }),
);
const answer =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    new HttpResponse('no', { status, headers });

let folder: ReturnType<typeof temporaryFolder>;
let bus: BusTarget;
const open = async () => {
  bus = await busTarget([iamService, sqsService, eventsService], folder.path);
};
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());
beforeEach(async () => {
  [asked, answers] = [[], []];
  folder = temporaryFolder();
  await open();
});
afterEach(async () => {
  await bus.close();
  folder.remove();
});

const request = (operation: string, input: object) => bus.cloud.request('events', operation, input);
const API_KEY = {
  ...{ Name: 'chat', AuthorizationType: 'API_KEY' },
  AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Token', ApiKeyValue: SECRET } },
};
const connect = async (input: object = API_KEY) =>
  z.object({ ConnectionArn: z.string() }).parse(await request('CreateConnection', input)).ConnectionArn;
const destination = async (ConnectionArn: string, more: object = {}) =>
  z.object({ ApiDestinationArn: z.string() }).parse(
    await request('CreateApiDestination', {
      ...{ Name: 'chat', ConnectionArn, InvocationEndpoint: ENDPOINT, HttpMethod: 'POST', ...more },
    }),
  ).ApiDestinationArn;
const role = async (Resource: string) => {
  const iam = (operation: string, input: object) => bus.cloud.request('iam', operation, input);
  const trust = { Principal: { Service: 'events.amazonaws.com' }, Action: 'sts:AssumeRole' };
  await iam('CreateRole', {
    RoleName: 'chat',
    AssumeRolePolicyDocument: JSON.stringify({ Statement: { Effect: 'Allow', ...trust } }),
  });
  const may = { Effect: 'Allow', Action: 'events:InvokeApiDestination', Resource };
  const PolicyDocument = JSON.stringify({ Statement: may });
  await iam('PutRolePolicy', { RoleName: 'chat', PolicyName: 'may', PolicyDocument });
};
const ready = async (more: object = {}) => {
  const Arn = await destination(await connect());
  await role(Arn);
  await bus.target({ Arn, RoleArn: ROLE, ...more });
  return Arn;
};
const deadLetter = async () => {
  const [letter] = await vi.waitFor(async () => {
    const letters = await bus.messages('dead');
    expect(letters).toHaveLength(1);
    return letters;
  });
  return Object.fromEntries(
    Object.entries(letter?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
  );
};

it('posts what the transformer makes of an event, with the header of the connection, after a restart too', async () => {
  await ready({
    InputTransformer: { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '{ "text": "a is <a>" }' },
  });
  await bus.close();
  await open();
  await bus.tell({ a: 'b' });
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]).toMatchObject({
    body: '{ "text": "a is b" }',
    headers: {
      'x-token': SECRET,
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Amazon/EventBridge/ApiDestinations',
    },
  });
});

it('sends the user and the password of BASIC', async () => {
  const BasicAuthParameters = { Username: 'me', Password: SECRET };
  const connection = await connect({
    ...{ Name: 'chat', AuthorizationType: 'BASIC', AuthParameters: { BasicAuthParameters } },
  });
  const Arn = await destination(connection);
  await role('*');
  await bus.target({ Arn, RoleArn: ROLE });
  await bus.tell({});
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]?.headers.authorization).toBe(`Basic ${btoa(`me:${SECRET}`)}`);
  expect(JSON.stringify(await request('DescribeConnection', { Name: 'chat' }))).toContain('"Username":"me"');
});

it.each([401, 407, 409, 429, 500, 503])('tries again after %i', async (status) => {
  await ready();
  answers = [answer(status)];
  await bus.tell({});
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(await bus.messages('dead')).toEqual([]);
});

it.each([
  [400, {}],
  [403, {}],
  [404, {}],
  [302, { location: `${ENDPOINT}/elsewhere` }],
  [503, { 'retry-after': '-1' }],
])('does not try again after %i %j', async (status, headers) => {
  await ready();
  answers = [answer(status, headers)];
  await bus.tell({});
  expect(await deadLetter()).toMatchObject({
    ERROR_CODE: status < 500 ? 'SDK_CLIENT_ERROR' : 'INTERNAL_ERROR',
    ERROR_MESSAGE: expect.stringMatching(new RegExp(`chat.test/hooks/1 answered ${status}$`)),
  });
  expect(asked).toHaveLength(1);
});

it('waits as long as the endpoint asks for, and gives up where that is longer than an event lives', async () => {
  await ready({ RetryPolicy: { MaximumEventAgeInSeconds: 60 } });
  answers = [answer(429, { 'retry-after': '61' })];
  await bus.tell({});
  expect(await deadLetter()).toMatchObject({
    ERROR_CODE: 'THROTTLING',
    EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
  });
});

it('leaves an endpoint alone that asks for longer than any other retry waits', async () => {
  await ready();
  answers = [answer(429, { 'retry-after': '3600' })];
  await bus.tell({ n: 'first' });
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  answers = [answer(500)];
  await bus.tell({ n: 'second' });
  const bodies = (n: string) => asked.filter(({ body }) => body.includes(n));
  await vi.waitFor(() => expect(bodies('second')).toHaveLength(2));
  expect(bodies('first')).toHaveLength(1);
});

it('says that an endpoint does not answer, and nothing of what it was to get', async () => {
  await ready({ RetryPolicy: { MaximumRetryAttempts: 0 } });
  answers = [() => HttpResponse.error()];
  await bus.tell({});
  const letter = await deadLetter();
  expect(letter).toMatchObject({
    ERROR_CODE: 'INTERNAL_ERROR',
    ERROR_MESSAGE: expect.stringContaining(`${ENDPOINT} did not answer`),
  });
  expect(JSON.stringify([letter, bus.cloud.warnings])).not.toContain(SECRET);
});

it.each(['the role may not', 'the connection is gone', 'the destination is gone'])(
  'an event is a dead letter where %s',
  async (why) => {
    const Arn = await destination(await connect());
    await role(why === 'the role may not' ? `${Arn}-other` : Arn);
    await bus.target({ Arn, RoleArn: ROLE });
    if (why === 'the connection is gone') await request('DeleteConnection', { Name: 'chat' });
    if (why === 'the destination is gone') await request('DeleteApiDestination', { Name: 'chat' });
    await bus.tell({});
    const ERROR_CODE = why === 'the role may not' ? 'NO_PERMISSIONS' : 'NO_RESOURCE';
    expect(await deadLetter()).toMatchObject({ ERROR_CODE });
    expect(asked).toEqual([]);
  },
);

it('answers no secret', async () => {
  const input = { ...API_KEY };
  const made = await request('CreateConnection', input);
  const { ConnectionArn } = z.object({ ConnectionArn: z.string() }).parse(made);
  const answered = [
    made,
    await request('DescribeConnection', { Name: 'chat' }),
    await destination(ConnectionArn),
    await request('DescribeApiDestination', { Name: 'chat' }),
    await request('CreateConnection', input).catch((error) => String(error)),
    await request('CreateConnection', {
      ...{ ...input, Name: 'other' },
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'a b', ApiKeyValue: `${SECRET}\n` } },
    }).catch((error) => String(error)),
    await request('CreateConnection', {
      ...{ ...input, Name: 'other' },
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'a', ApiKeyValue: `${SECRET}\n` } },
    }).catch((error) => String(error)),
    await request('DeleteConnection', { Name: 'chat' }),
    await request('DescribeApiDestination', { Name: 'chat' }),
  ];
  expect(answered[1]).toMatchObject({
    ...{ Name: 'chat', AuthorizationType: 'API_KEY', ConnectionState: 'AUTHORIZED' },
    AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Token' } },
  });
  expect(answered[3]).toMatchObject({ ApiDestinationState: 'ACTIVE', InvocationEndpoint: ENDPOINT });
  expect(answered[4]).toContain('already exists');
  expect(answered[6]).toContain('letters of ASCII');
  expect(answered[8]).toMatchObject({ ApiDestinationState: 'INACTIVE' });
  expect(JSON.stringify(answered)).not.toContain(SECRET);
});

it.each([
  ['http://chat.test/hooks', 'ValidationException'],
  ['chat.test/hooks', 'ValidationException'],
  ['https://', 'ValidationException'],
  ['https://me:pass@chat.test/', 'ValidationException'],
  ['https://chat.test/a b', 'ValidationException'],
  ['https://chat.test/*/messages', 'UnsupportedOperation'],
])('refuses the endpoint %s', async (InvocationEndpoint, code) => {
  const made = destination(await connect(), { InvocationEndpoint });
  await expect(made).rejects.toMatchObject({ code });
});

it('refuses what it does not carry out by its name', async () => {
  const refusal = (named: string) => ({
    code: 'UnsupportedOperation',
    message: expect.stringContaining(named),
  });
  const oauth = { ...API_KEY, AuthorizationType: 'OAUTH_CLIENT_CREDENTIALS' };
  await expect(connect(oauth)).rejects.toMatchObject(refusal('OAUTH_CLIENT_CREDENTIALS'));
  const body = { ...API_KEY.AuthParameters, InvocationHttpParameters: {} };
  await expect(connect({ ...API_KEY, AuthParameters: body })).rejects.toMatchObject(
    refusal('AuthParameters.InvocationHttpParameters'),
  );
  await expect(connect({ ...API_KEY, AuthorizationType: 'BASIC' })).rejects.toMatchObject({
    code: 'ValidationException',
  });
  const connection = await connect();
  await expect(destination(connection, { HttpMethod: 'GET' })).rejects.toMatchObject(refusal('GET'));
  await expect(destination(connection, { InvocationRateLimitPerSecond: 1 })).rejects.toMatchObject(
    refusal('InvocationRateLimitPerSecond'),
  );
  await expect(destination(`${connection}0`)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  const Arn = await destination(connection);
  await expect(bus.target({ Arn })).rejects.toMatchObject({
    message: `RoleArn is required for target ${Arn}.`,
  });
  await expect(bus.target({ Arn, RoleArn: ROLE })).rejects.toMatchObject({ code: 'AccessDenied' });
  await role('*');
  await expect(bus.target({ Arn, RoleArn: ROLE, HttpParameters: {} })).rejects.toMatchObject(
    refusal('HttpParameters'),
  );
});
