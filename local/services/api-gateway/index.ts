import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud, Resource, ResourceType, Service } from '../../core/cloud.ts';
import { inert, tagList } from '../../core/forms.ts';
import { resourceType } from '../../core/gate.ts';
import { templateBoolean } from '../../core/input.ts';
import { AccessLogs } from './access-log.ts';
import {
  type Api,
  addMethod,
  addModel,
  addResponse,
  createApi,
  idOf,
  methodSchema,
  modelSchema,
  responseSchema,
} from './api.ts';
import { handler } from './handler.ts';
import { checkMethod } from './method-check.ts';
import { addStage, stageSchema } from './stage.ts';

const openPolicyMembers = {
  Principal: z.union([z.literal('*'), z.strictObject({ AWS: z.literal('*') })]),
  Action: z.literal('execute-api:Invoke'),
  Resource: z.unknown(),
};
const apiMembers = { RestApiId: z.string() };
// A policy that lets everybody in but from other addresses or endpoints of a VPC: whoever asks here is on this machine. No
// other is carried out.
const policySchema = z.strictObject({
  Version: z.string().optional(),
  Statement: z
    .array(
      z.union([
        z.strictObject({ Effect: z.literal('Allow'), ...openPolicyMembers }),
        z.strictObject({
          Effect: z.literal('Deny'),
          ...openPolicyMembers,
          Condition: z.union([
            z.strictObject({ NotIpAddress: z.strictObject({ 'aws:SourceIp': z.unknown() }) }),
            z.strictObject({ StringNotEquals: z.strictObject({ 'aws:SourceVpce': z.unknown() }) }),
          ]),
        }),
      ]),
    )
    .min(1),
});
// https://docs.aws.amazon.com/apigateway/latest/api/API_EndpointConfiguration.html
const endpointSchema = z
  .strictObject({
    Types: z
      .array(z.enum(['EDGE', 'PRIVATE', 'REGIONAL']))
      .length(1)
      .optional(),
    VpcEndpointIds: z.array(z.string().regex(/^vpce-/)).optional(),
    IpAddressType: z.enum(['dualstack', 'ipv4']).optional(),
  })
  .refine(
    ({ Types, VpcEndpointIds = [] }) => VpcEndpointIds.length === 0 || Types?.[0] === 'PRIVATE',
    'VpcEndpointIds go with the type PRIVATE alone',
  );
const apiSchema = z.strictObject({
  Policy: policySchema.optional(),
  // Wherever an API may be reached from on AWS, it is reached from here.
  Description: inert(z.string().max(1024)),
  Name: inert(z.string().min(1).max(1024)),
  EndpointConfiguration: inert(endpointSchema),
  Tags: inert(tagList),
});
// https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html
const PATH_PART = /^(?:[\w.:-]+|\{[\w.-]+\+?\})$/;
const resourceSchema = z.strictObject({
  ...apiMembers,
  ParentId: z.string(),
  PathPart: z.string().regex(PATH_PART, 'holds letters, digits, . _ - and :, or is one variable in braces'),
});
const validatorSchema = z.strictObject({
  ...apiMembers,
  ValidateRequestBody: templateBoolean.default(false),
  ValidateRequestParameters: templateBoolean.default(false),
  Name: inert(z.string()),
});
// A deployment is a picture of the API at one time; here that is always now.
const deploymentSchema = z.strictObject({ ...apiMembers, Description: inert(z.string().max(1024)) });
// The role by which an account's APIs log.
const accountSchema = z.strictObject({ CloudWatchRoleArn: z.string().optional() });

/** API Gateway: REST APIs at `/execute-api/{api}/{stage}/…`. They are the template's, so nothing of them is stored. */
export function apiGatewayService(cloud: Cloud): Service {
  const apis = new Map<string, Api>();
  const logs = new AccessLogs(cloud);
  const within = <S extends z.ZodType<{ RestApiId: string }>>(
    schema: S,
    add: (api: Api, properties: z.output<S>, resource: Resource) => string,
  ): ResourceType<S> =>
    resourceType(schema, (properties, resource) => ({
      ref: add(found(apis, properties.RestApiId), properties, resource),
    }));
  return {
    name: 'execute-api',
    operations: {},
    mounts: { '/execute-api/': handler(cloud, apis, logs) },
    resources: {
      'AWS::ApiGateway::RestApi': apiType(apis),
      'AWS::ApiGateway::Resource': within(resourceSchema, addResource),
      'AWS::ApiGateway::Method': within(methodSchema, (api, method, resource) => {
        checkMethod(api, method, resource.logicalId);
        return addMethod(api, method, resource);
      }),
      'AWS::ApiGateway::Model': within(modelSchema, addModel),
      'AWS::ApiGateway::RequestValidator': within(validatorSchema, addValidator),
      'AWS::ApiGateway::GatewayResponse': within(responseSchema, addResponse),
      'AWS::ApiGateway::Deployment': resourceType(deploymentSchema, ({ RestApiId }, { generatedName }) => {
        if (found(apis, RestApiId).methods.size === 0)
          throw new AwsError('BadRequestException', `the REST API ${RestApiId} has no method to deploy`);
        const id = idOf(generatedName);
        return { ref: id, attributes: { DeploymentId: id } };
      }),
      'AWS::ApiGateway::Stage': within(stageSchema, addStage),
      'AWS::ApiGateway::Account': resourceType(accountSchema, ({ CloudWatchRoleArn }, { generatedName }) => {
        if (CloudWatchRoleArn !== undefined) logs.writeAs(CloudWatchRoleArn);
        return { ref: generatedName, attributes: { Id: generatedName } };
      }),
    },
    stop: () => logs.close(),
  };
}

function found(apis: ReadonlyMap<string, Api>, id: string): Api {
  const api = apis.get(id);
  if (!api) throw unsupported(`the REST API ${id}, which is not of this template`);
  return api;
}

const apiType = (apis: Map<string, Api>) =>
  resourceType(apiSchema, (_properties, resource) => {
    const made = createApi(resource);
    // Resources that an update leaves alone stay in the API.
    const api = apis.get(made.id) ?? made;
    apis.set(api.id, api);
    return { ref: api.id, attributes: { RootResourceId: api.rootId, RestApiId: api.id } };
  });

function addResource(
  api: Api,
  { ParentId: parent, PathPart: part }: z.output<typeof resourceSchema>,
  { generatedName }: Resource,
): string {
  if (part.endsWith('+}')) throw unsupported(`the greedy path ${part}`);
  const id = idOf(generatedName);
  checkSiblings(api, id, { parent, part });
  api.resources.set(id, { parent, part });
  return id;
}

/** @throws ConflictException for a part that another resource of the same parent has; one variable stands for any other */
function checkSiblings(api: Api, id: string, { parent, part }: { parent: string; part: string }): void {
  const isVariable = (text: string): boolean => text.startsWith('{');
  for (const [other, { parent: of, part: its }] of api.resources)
    if (other !== id && of === parent && (its === part || (isVariable(its) && isVariable(part))))
      throw new AwsError(
        'ConflictException',
        `the path ${part} is there already, as ${its}: take one of them`,
      );
}

function addValidator(
  api: Api,
  { ValidateRequestBody: body, ValidateRequestParameters: parameters }: z.output<typeof validatorSchema>,
  { generatedName }: Resource,
): string {
  const id = idOf(generatedName);
  api.validators.set(id, { body, parameters });
  return id;
}
