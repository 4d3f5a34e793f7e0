import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { HttpHandler, Service } from '../../../../local/core/cloud.ts';
import { operation } from '../../../../local/core/gate.ts';
import '../../../../local/core/with-resolvers.ts';
import { apiGatewayService } from '../../../../local/services/api-gateway/index.ts';
import {
  type FakeCloud,
  fakeCloud,
  make,
  type Served,
  serve,
  temporaryFolder,
} from '../../../../local/testing.ts';

const folder = temporaryFolder();
let cloud: FakeCloud;
let gateway: Service;
let served: Served;
let called: unknown[] = [];

const put = (name: string) => operation(z.looseObject({}), (input) => void called.push([name, input]));
const fake = (name: string, ...operations: string[]): Service => ({
  name,
  resources: {},
  operations: Object.fromEntries(operations.map((each) => [each, put(`${name}:${each}`)])),
});

beforeAll(async () => {
  cloud = fakeCloud(folder.path);
  cloud.add(fake('events', 'PutEvents'));
  cloud.add(fake('states', 'StartExecution'));
  gateway = cloud.add(apiGatewayService(cloud));
  served = await serve([gateway]);
});
beforeEach(() => {
  called = [];
});
afterAll(async () => {
  await served.close();
  await cloud.close();
  folder.remove();
});

const header = (name: string) => `integration.request.header.${name}`;
const target = (name: string) => ({ [header('X-Amz-Target')]: `'${name}'` });
const json = { [header('Content-Type')]: "'application/x-amz-json-1.1'" };

let apis = 0;

/** An API of its own with one method, asked once. */
async function post(RequestParameters: object, uri = 'events:action/PutEvents', validator: object = {}) {
  const name = (kind: string) => `Stack-${kind}-${apis}`;
  apis += 1;
  const api = await make(gateway, 'AWS::ApiGateway::RestApi', {}, name('Api'));
  const ofApi = { RestApiId: api.ref };
  const parent = { ...ofApi, ParentId: api.attributes?.RootResourceId, PathPart: 'in' };
  const { ref: ResourceId } = await make(gateway, 'AWS::ApiGateway::Resource', parent, name('In'));
  const { ref: RequestValidatorId } = await make(
    gateway,
    'AWS::ApiGateway::RequestValidator',
    { ...ofApi, ...validator },
    name('Validator'),
  );
  await make(gateway, 'AWS::ApiGateway::Method', {
    ...ofApi,
    ResourceId,
    HttpMethod: 'POST',
    RequestValidatorId,
    RequestParameters: { 'method.request.header.X-Needed': true },
    MethodResponses: [{ StatusCode: '200' }, { StatusCode: '400' }, { StatusCode: '500' }],
    Integration: {
      Type: 'AWS',
      Uri: `arn:aws:apigateway:us-east-1:${uri}`,
      Credentials: 'arn:aws:iam::000000000000:role/api',
      RequestParameters,
      IntegrationHttpMethod: 'POST',
      IntegrationResponses: [
        { StatusCode: '200' },
        { StatusCode: '400', SelectionPattern: '4\\d\\d' },
        { StatusCode: '500', SelectionPattern: '5\\d\\d' },
      ],
    },
  });
  await make(gateway, 'AWS::ApiGateway::Stage', { ...ofApi, StageName: 's', DeploymentId: 'd' });
  const answer = await fetch(`${served.endpoint}/execute-api/${api.ref}/s/in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
  });
  return { status: answer.status, body: await answer.text() };
}

describe('an integration', () => {
  it('calls the operation that its X-Amz-Target names, and not the action of its URI', async () => {
    const uri = 'events:action/NoSuchThing';
    expect(await post({ ...target('AWSEvents.PutEvents'), ...json }, uri)).toMatchObject({ status: 200 });
    expect(called).toEqual([['events:PutEvents', { a: 1 }]]);
  });

  it.each<[string, object]>([
    ['an operation that is not there', { ...target('AWSEvents.NoSuchThing'), ...json }],
    ['another service', { ...target('AWSStepFunctions.PutEvents'), ...json }],
    ['no target', json],
    ['no content type', target('AWSEvents.PutEvents')],
    ['another content type', { ...target('AWSEvents.PutEvents'), [header('Content-Type')]: "'text/plain'" }],
  ])('with %s gets what the JSON protocol answers, and the terminal a warning', async (_, parameters) => {
    cloud.warnings.length = 0;
    expect(await post(parameters)).toEqual({
      status: 400,
      body: expect.stringContaining('"__type":"UnknownOperationException"'),
    });
    expect(called).toEqual([]);
    expect(cloud.warnings).toEqual([expect.stringContaining('events PutEvents failed behind the API')]);
  });

  it('with Step Functions goes by its action, as API Gateway sets the headers itself', async () => {
    expect(await post({}, 'states:action/StartExecution')).toMatchObject({ status: 200 });
    expect(called).toEqual([['states:StartExecution', { a: 1 }]]);
  });

  it.each([{ [header('X-Other')]: "'x'" }, { [header('X-Amz-Target')]: 'method.request.header.Target' }])(
    'with a mapping that is not carried out is refused: %j',
    async (parameters) => {
      await expect(post(parameters)).rejects.toMatchObject({ code: 'UnsupportedOperation' });
    },
  );
});

it.each([
  ['false', 200],
  [false, 200],
  ['true', 400],
  [true, 400],
])(
  'a validator of parameters that is %j, as CloudFormation may write it, answers %i',
  async (flag, status) => {
    const parameters = { ...target('AWSEvents.PutEvents'), ...json };
    const validator = { ValidateRequestParameters: flag };
    expect(await post(parameters, undefined, validator)).toMatchObject({ status });
  },
);

it('a sender that leaves in the middle of its body is no failure of the API, and nobody is warned', async () => {
  const api = await make(gateway, 'AWS::ApiGateway::RestApi', {}, 'Stack-Api-Left');
  await make(gateway, 'AWS::ApiGateway::Stage', { RestApiId: api.ref, StageName: 's', DeploymentId: 'd' });
  const [prefix = '', handle] = Object.entries(gateway.mounts ?? {})[0] ?? [];
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const watched: HttpHandler = async (request, reply, call) => {
    begun.resolve();
    return handle?.(request, reply, call).finally(ended.resolve);
  };
  const own = await serve([{ ...gateway, mounts: { [prefix]: watched } }]);
  const { port } = new URL(own.endpoint);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    `POST ${prefix}${api.ref}/s/in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"a":`,
  );
  await begun.promise;
  socket.destroy();
  await ended.promise;
  await own.close();
  expect(cloud.warnings.filter((warning) => warning.startsWith('the API failed'))).toEqual([]);
});
