import { afterAll, describe, expect, it } from 'vitest';
import {
  arnOf,
  one,
  type Properties,
  type Resources,
  role,
  services,
} from '../../support/local/templates.ts';

const { deploy, close } = services();
afterAll(close);

const fn = (more: Properties = {}) =>
  one(
    'AWS::Lambda::Function',
    {
      Code: { ZipFile: 'exports.handler = async () => 1' },
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Role: arnOf('Role'),
      ...more,
    },
    role('lambda.amazonaws.com'),
  );
const permission = (more: Properties): Resources => ({
  ...fn(),
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: { Ref: 'It' },
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      ...more,
    },
  },
});
const LAMBDA = {
  Type: 'LINUX_LAMBDA_CONTAINER',
  ComputeType: 'BUILD_LAMBDA_2GB',
  Image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22',
};
const project = (more: Properties = {}) =>
  one(
    'AWS::CodeBuild::Project',
    {
      ServiceRole: arnOf('Role'),
      Artifacts: { Type: 'NO_ARTIFACTS' },
      Source: { Type: 'NO_SOURCE', BuildSpec: 'version: 0.2' },
      Environment: LAMBDA,
      ...more,
    },
    role('codebuild.amazonaws.com'),
  );
const machine = (...states: [string, Properties][]) =>
  one(
    'AWS::StepFunctions::StateMachine',
    {
      RoleArn: arnOf('Role'),
      DefinitionString: JSON.stringify({ StartAt: states[0]?.[0], States: Object.fromEntries(states) }),
    },
    role('states.amazonaws.com'),
  );
const task = (resource: string, Parameters: Properties) =>
  machine(['A', { Type: 'Task', Resource: `arn:aws:states:::${resource}`, Parameters, End: true }]);
const API: Resources = { Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'a' } } };
const ofApi = { RestApiId: { Ref: 'Api' } };
const method = (more: Properties = {}, integration: Properties = {}) =>
  one(
    'AWS::ApiGateway::Method',
    {
      ...ofApi,
      ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
      HttpMethod: 'POST',
      AuthorizationType: 'NONE',
      MethodResponses: [{ StatusCode: '200' }],
      ...more,
      Integration: {
        Type: 'AWS',
        IntegrationHttpMethod: 'POST',
        Uri: 'arn:aws:apigateway:us-east-1:events:action/PutEvents',
        IntegrationResponses: [{ StatusCode: '200' }],
        ...integration,
      },
    },
    API,
  );
const part = (PathPart: string) => ({
  Type: 'AWS::ApiGateway::Resource',
  Properties: { ...ofApi, ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] }, PathPart },
});
const path = (PathPart: string, ...others: string[]): Resources => ({
  ...API,
  It: part(PathPart),
  ...Object.fromEntries(others.map((each, at) => [`Other${at}`, part(each)])),
});

describe('a template that AWS takes is taken:', () => {
  it.each<[string, Resources]>([
    ['a function', fn()],
    ['a permission', permission({ SourceArn: 'arn:aws:events:us-east-1:000000000000:rule/a' })],
    ['a project', project()],
    ['a machine', task('aws-sdk:sqs:sendMessage', { QueueUrl: 'q', MessageBody: 'b' })],
    ['a method', method()],
    ['a path', path('a', '{b}')],
  ])('%s', async (_, resources) => {
    await expect(deploy(resources)).resolves.toBeDefined();
  });
});

const REFUSED: readonly [string, Resources, RegExp][] = [
  ['code twice', fn({ Code: { ZipFile: 'x', S3Bucket: 'b', S3Key: 'k' } }), /exclude each other/],
  ['a log group with a space', fn({ LoggingConfig: { LogGroup: 'a b' } }), /LogGroup/],
  ['half an action', permission({ Action: 'lambda:Invoke*' }), /lambda:Action/],
  ['a principal that is nobody', permission({ Principal: 'nobody' }), /a service, an account or an ARN/],
  ['a principal that is no service', permission({ Principal: 'nope.amazonaws.com' }), /a service/],
  ['an account of one digit', permission({ SourceAccount: '1' }), /SourceAccount/],
  ['a project with a space', project({ Name: 'a b' }), /letters, digits/],
  ['a project without a buildspec', project({ Source: { Type: 'NO_SOURCE' } }), /write Source.BuildSpec/],
  ['a source without a place', project({ Source: { Type: 'S3' } }), /write Source.Location/],
  ['half a pipeline’s project', project({ Artifacts: { Type: 'CODEPIPELINE' } }), /does not go with/],
  [
    'an image of another processor',
    project({ Environment: { ...LAMBDA, Image: LAMBDA.Image.replace('x86_64', 'aarch64') } }),
    /does not run as/,
  ],
  [
    'an image that Lambda has not',
    project({ Environment: { ...LAMBDA, Image: 'aws/codebuild/standard:7.0' } }),
    /does not run as/,
  ],
  [
    'a state that none leads to',
    machine(['A', { Type: 'Pass', End: true }], ['B', { Type: 'Pass', End: true }]),
    /no state leads to B/,
  ],
  [
    'an argument too many',
    machine(['A', { Type: 'Pass', Parameters: { 'a.$': 'States.UUID(1)' }, End: true }]),
    /does not take 1 arguments/,
  ],
  ['an operation that is not there', task('aws-sdk:sqs:sendMesage', {}), /sqs:SendMesage/],
  ['a build without a project', task('codebuild:startBuild.sync', {}), /needs ProjectName/],
  [
    'a member that StartBuild has not',
    task('codebuild:startBuild', { ProjectName: 'a', Nope: 1 }),
    /no parameter Nope/,
  ],
  ['a verb that HTTP has not', method({ HttpMethod: 'FETCH' }), /HttpMethod FETCH/],
  ['an integration of nothing', method({}, { Uri: 'x' }), /the Uri x/],
  ['an integration without a verb', method({}, { IntegrationHttpMethod: undefined }), /write POST/],
  ['a status that is not declared', method({}, { IntegrationResponses: [{ StatusCode: '404' }] }), /404/],
  [
    'a pattern of a response that is none',
    method({}, { IntegrationResponses: [{ StatusCode: '200', SelectionPattern: '(' }] }),
    /SelectionPattern \(, which is no regular expression/,
  ],
  [
    'two default responses',
    method({}, { IntegrationResponses: [{ StatusCode: '200' }, { StatusCode: '200' }] }),
    /two integration responses/,
  ],
  [
    'a header that is not declared',
    method(
      {},
      {
        IntegrationResponses: [
          { StatusCode: '200', ResponseParameters: { 'method.response.header.X': "'x'" } },
        ],
      },
    ),
    /header\.X/,
  ],
  [
    'a model that the API has not',
    method({ RequestModels: { 'application/json': 'Nope' } }),
    /the model Nope/,
  ],
  ['a validator that the API has not', method({ RequestValidatorId: 'nope' }), /the validator nope/],
  ['a slash in a path’s part', path('a/b'), /PathPart/],
  ['a path twice', path('a', 'a'), /is there already/],
  ['two variables beside each other', path('{a}', '{b}'), /is there already/],
  ['a deployment of no method', one('AWS::ApiGateway::Deployment', ofApi, API), /no method to deploy/],
];

describe('a template that AWS refuses is refused, and told what is wrong:', () => {
  it.each(REFUSED)('%s', async (_, resources, message) => {
    await expect(deploy(resources)).rejects.toThrow(message);
  });
});
