import * as z from 'zod';
import { unsupported } from '../../core/aws-error.ts';
import type { Cloud, Provisioned, Resource, Service } from '../../core/cloud.ts';
import { parseStrictly } from '../../core/input.ts';
import { AccessLogs } from './access-log.ts';
import { type Api, addMethod, addModel, addResponse, createApi, idOf } from './api.ts';
import { handler } from './handler.ts';
import { addStage } from './stage.ts';

const ofApi = z.looseObject({ RestApiId: z.string() });
const apiSchema = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  // Wherever it may be reached from on AWS, it is reached from here.
  EndpointConfiguration: z.unknown().optional(),
  Tags: z.unknown().optional(),
});
const resourceSchema = z.strictObject({ RestApiId: z.string(), ParentId: z.string(), PathPart: z.string() });
const validatorSchema = z.strictObject({
  RestApiId: z.string(),
  Name: z.string().optional(),
  ValidateRequestBody: z.coerce.boolean().default(false),
  ValidateRequestParameters: z.coerce.boolean().default(false),
});

/** API Gateway: REST APIs at `/execute-api/{api}/{stage}/…`. They are the template's, so nothing of them is stored. */
export function apiGatewayService(cloud: Cloud): Service {
  const apis = new Map<string, Api>();
  const logs = new AccessLogs(cloud);
  const of = ({ properties }: Resource): Api => {
    const { RestApiId } = ofApi.parse(properties);
    const api = apis.get(RestApiId);
    if (!api) throw unsupported(`the REST API ${RestApiId}, which is not of this template`);
    return api;
  };
  const within =
    (add: (api: Api, resource: Resource) => string) =>
    (resource: Resource): Provisioned => ({ ref: add(of(resource), resource) });
  return {
    name: 'execute-api',
    operations: {},
    mounts: { '/execute-api/': handler(cloud, apis, logs) },
    resources: {
      'AWS::ApiGateway::RestApi': (resource) => provisionApi(apis, resource),
      'AWS::ApiGateway::Resource': within(addResource),
      'AWS::ApiGateway::Method': within(addMethod),
      'AWS::ApiGateway::Model': within(addModel),
      'AWS::ApiGateway::RequestValidator': within(addValidator),
      'AWS::ApiGateway::GatewayResponse': within(addResponse),
      'AWS::ApiGateway::Deployment': (resource) => deployment(resource),
      'AWS::ApiGateway::Stage': within(addStage),
      // The role by which an account's APIs log; here they need none.
      'AWS::ApiGateway::Account': ({ generatedName }) => ({
        ref: generatedName,
        attributes: { Id: generatedName },
      }),
    },
    stop: () => logs.close(),
  };
}

function provisionApi(apis: Map<string, Api>, resource: Resource): Provisioned {
  const { properties, logicalId } = resource;
  if (properties.Body ?? properties.BodyS3Location)
    throw unsupported(`an OpenAPI body of the REST API ${logicalId}`);
  parseStrictly(apiSchema, properties, `the REST API ${logicalId}`);
  const made = createApi(resource);
  // What an update leaves alone stays in the API that is there.
  const api = apis.get(made.id) ?? made;
  apis.set(api.id, api);
  return { ref: api.id, attributes: { RootResourceId: api.rootId, RestApiId: api.id } };
}

function addResource(api: Api, { properties, generatedName, logicalId }: Resource): string {
  const { ParentId: parent, PathPart: part } = parseStrictly(
    resourceSchema,
    properties,
    `the resource ${logicalId}`,
  );
  if (part.endsWith('+}')) throw unsupported(`the greedy path ${part}`);
  const id = idOf(generatedName);
  api.resources.set(id, { parent, part });
  return id;
}

function addValidator(api: Api, { properties, generatedName, logicalId }: Resource): string {
  const given = parseStrictly(validatorSchema, properties, `the request validator ${logicalId}`);
  const { ValidateRequestBody: body, ValidateRequestParameters: parameters } = given;
  const id = idOf(generatedName);
  api.validators.set(id, { body, parameters });
  return id;
}

/** A deployment is a picture of the API at one time; here that is always now. */
function deployment({ generatedName, properties, logicalId }: Resource): Provisioned {
  if (properties.StageName)
    throw unsupported(`the stage in the deployment ${logicalId}: make it a Stage of its own`);
  const id = idOf(generatedName);
  return { ref: id, attributes: { DeploymentId: id } };
}
