import { afterAll, expect, it } from 'vitest';
import { apiGatewayService } from '../../../../local/services/api-gateway/index.ts';
import { fakeCloud, make as makeResource, temporaryFolder } from '../../../../local/testing.ts';

const folder = temporaryFolder();
const cloud = fakeCloud(folder.path);
const service = cloud.add(apiGatewayService(cloud));
afterAll(async () => {
  await cloud.close();
  folder.remove();
});

const make = (kind: string, properties: object) =>
  makeResource(service, `AWS::ApiGateway::${kind}`, properties);

const Integration = {
  Type: 'AWS',
  IntegrationHttpMethod: 'POST',
  Uri: 'arn:aws:apigateway:us-east-1:events:action/PutEvents',
};
const method = { ResourceId: 'r', HttpMethod: 'POST', Integration };
const stage = { StageName: 's' };
const everybody = { Principal: { AWS: '*' }, Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };

it.each<[string, Record<string, unknown>, string]>([
  ['RestApi', { Policy: { Statement: [{ ...everybody, Effect: 'Deny' }] } }, 'Policy'],
  ['RestApi', { Policy: { Statement: [{ ...everybody, Effect: 'Allow', Condition: {} }] } }, 'Policy'],
  ['RestApi', { BinaryMediaTypes: ['*/*'] }, 'BinaryMediaTypes of AWS::ApiGateway::RestApi'],
  ['Method', { ...method, AuthorizationScopes: [] }, 'AuthorizationScopes of AWS::ApiGateway::Method'],
  [
    'Method',
    { ...method, Integration: { ...Integration, TimeoutInMillis: 50 } },
    'Integration.TimeoutInMillis of',
  ],
  ['Stage', { ...stage, Variables: { a: 'b' } }, 'Variables of AWS::ApiGateway::Stage'],
  [
    'Stage',
    { ...stage, MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', CachingEnabled: true }] },
    'CachingEnabled',
  ],
])('a %s with a property that is not carried out is refused: %j', async (kind, properties, message) => {
  const { ref: RestApiId } = (await make('RestApi', {})) ?? { ref: '' };
  await expect(make(kind, kind === 'RestApi' ? properties : { ...properties, RestApiId })).rejects.toThrow(
    message,
  );
});

it('a method and a stage as the CDK writes them are made', async () => {
  const { ref: RestApiId } = (await make('RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] } })) ?? {
    ref: '',
  };
  expect(await make('Method', { ...method, RestApiId, AuthorizationType: 'NONE' })).toEqual({
    ref: 'r-POST',
  });
  expect(await make('Stage', { ...stage, RestApiId, DeploymentId: 'd', TracingEnabled: true })).toEqual({
    ref: 's',
  });
});

it.each([
  ['addresses', { NotIpAddress: { 'aws:SourceIp': ['192.30.252.0/22'] } }],
  ['endpoints of a VPC', { StringNotEquals: { 'aws:SourceVpce': ['vpce-0a1'] } }],
])('an API that lets other %s in alone lets this machine in', async (_title, Condition) => {
  const Statement = [
    { ...everybody, Effect: 'Allow' },
    { ...everybody, Effect: 'Deny', Condition },
  ];
  expect(await make('RestApi', { Policy: { Version: '2012-10-17', Statement } })).toHaveProperty('ref');
});
