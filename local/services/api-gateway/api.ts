import { createHash } from 'node:crypto';
import * as z from 'zod';
import { unsupported } from '../../core/aws-error.ts';
import type { Resource } from '../../core/cloud.ts';
import { inert } from '../../core/forms.ts';
import { templateBoolean } from '../../core/input.ts';
import { type Schema, schemaSchema } from './model.ts';
import { GATEWAY_RESPONSES, type GatewayResponse, type ResponseType } from './responses.ts';

/** One REST API of the template. */
export interface Api {
  readonly id: string;
  readonly rootId: string;
  /** by resource id: the parent's id and the resource's own part of the path */
  readonly resources: Map<string, { readonly parent: string; readonly part: string }>;
  /** by resource id and HTTP method */
  readonly methods: Map<string, Method>;
  readonly models: Map<string, Schema>;
  readonly validators: Map<string, { readonly body: boolean; readonly parameters: boolean }>;
  readonly responses: Map<ResponseType, GatewayResponse>;
  readonly stages: Map<string, Stage>;
}

export interface Stage {
  /** whether another request may pass */
  readonly admit: () => boolean;
  readonly log?: { readonly group: string; readonly format: string } | undefined;
}

const strings = z.record(z.string(), z.string()).default({});

/** AWS::ApiGateway::Method */
export const methodSchema = z.strictObject({
  RestApiId: z.string(),
  OperationName: inert(z.string()),
  ApiKeyRequired: templateBoolean.default(false),
  AuthorizationType: z.string().default('NONE'),
  HttpMethod: z.string(),
  ResourceId: z.string(),
  RequestParameters: z.record(z.string(), templateBoolean).default({}),
  RequestModels: strings,
  RequestValidatorId: z.string().optional(),
  MethodResponses: z
    .array(
      z.strictObject({
        StatusCode: z.string(),
        ResponseModels: z.record(z.string(), z.string()).optional().meta({ withoutEffect: true }),
        ResponseParameters: inert(
          z.record(
            z.string().regex(/^method\.response\.header\.[\w.-]+$/, 'expected method.response.header.NAME'),
            templateBoolean,
          ),
        ),
      }),
    )
    .default([]),
  Integration: z.strictObject({
    Type: z.string(),
    Uri: z.string().default(''),
    Credentials: z.string().optional(),
    PassthroughBehavior: z.enum(['NEVER', 'WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES']).default('WHEN_NO_MATCH'),
    RequestParameters: strings.transform(headersOf),
    RequestTemplates: strings,
    // Every action of a JSON service is a POST.
    IntegrationHttpMethod: z.literal('POST').optional(),
    IntegrationResponses: z
      .array(
        z.strictObject({
          StatusCode: z.string(),
          SelectionPattern: z.string().optional(),
          ResponseParameters: strings,
          ResponseTemplates: strings,
        }),
      )
      .default([]),
  }),
});

export type Method = z.output<typeof methodSchema>;

/** The headers that an integration sets, by their names in lower case. @throws for any but the two that decide */
function headersOf(parameters: Record<string, string>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(parameters).map(([name, value]) => {
      const header = name.replace(/^integration\.request\.header\./, '').toLowerCase();
      if (!['x-amz-target', 'content-type'].includes(header))
        throw unsupported(`the mapping ${name} of an integration: only X-Amz-Target and Content-Type`);
      return [header, literal(value)];
    }),
  );
}

/** An API without resources yet, its ids the same at every start. */
export function createApi({ generatedName }: Resource): Api {
  return {
    id: idOf(generatedName),
    rootId: idOf(`${generatedName}/`),
    resources: new Map(),
    methods: new Map(),
    models: new Map(),
    validators: new Map(),
    responses: new Map(),
    stages: new Map(),
  };
}

/** Ten characters, as API Gateway's ids. */
export function idOf(name: string): string {
  return BigInt(`0x${createHash('sha256').update(name).digest('hex').slice(0, 13)}`)
    .toString(36)
    .padStart(10, '0')
    .slice(0, 10);
}

export function addMethod(api: Api, method: Method, { logicalId }: Resource): string {
  if (method.AuthorizationType !== 'NONE' || method.ApiKeyRequired)
    throw unsupported(`the authorization ${method.AuthorizationType} of the method ${logicalId}`);
  if (method.Integration.Type !== 'AWS')
    throw unsupported(`the integration ${method.Integration.Type} of the method ${logicalId}`);
  for (const name of Object.keys(method.RequestParameters))
    if (!/^method\.request\.(header|querystring)\./.test(name))
      throw unsupported(`the request parameter ${name} of the method ${logicalId}`);
  api.methods.set(`${method.ResourceId} ${method.HttpMethod}`, method);
  return `${method.ResourceId}-${method.HttpMethod}`;
}

/** AWS::ApiGateway::Model */
export const modelSchema = z.strictObject({
  RestApiId: z.string(),
  Name: z
    .string()
    .regex(/^[A-Za-z0-9]+$/, 'a model name holds letters and digits')
    .optional(),
  Description: inert(z.string()),
  ContentType: z.literal('application/json'),
  Schema: z.unknown().optional(),
});

export function addModel(api: Api, given: z.output<typeof modelSchema>, { generatedName }: Resource): string {
  const { Name = generatedName.replace(/[^A-Za-z0-9]/g, ''), Schema: schema } = given;
  const parsed = schemaSchema.safeParse(typeof schema === 'string' ? JSON.parse(schema) : schema);
  if (!parsed.success) throw unsupported(`the model ${Name}: ${z.prettifyError(parsed.error)}`);
  api.models.set(Name, parsed.data);
  return Name;
}

/** AWS::ApiGateway::GatewayResponse */
export const responseSchema = z.strictObject({
  RestApiId: z.string(),
  ResponseType: z.string(),
  StatusCode: z.coerce.number().optional(),
  ResponseTemplates: strings,
  ResponseParameters: strings,
});

const isResponseType = (type: string): type is ResponseType => Object.hasOwn(GATEWAY_RESPONSES, type);

export function addResponse(
  api: Api,
  { ResponseType: type, StatusCode, ResponseTemplates, ResponseParameters }: z.output<typeof responseSchema>,
  { generatedName }: Resource,
): string {
  if (!isResponseType(type)) throw unsupported(`the gateway response ${type}`);
  const headers = Object.entries(ResponseParameters).map(([name, value]) => [
    name.replace('gatewayresponse.header.', ''),
    literal(value),
  ]);
  api.responses.set(type, {
    status: StatusCode,
    template: ResponseTemplates['application/json'],
    headers: Object.fromEntries(headers),
  });
  return generatedName;
}

/** The text of `'text'`, the only kind of mapping that this runtime takes. */
export function literal(value: string): string {
  const text = /^'(.*)'$/s.exec(value)?.[1];
  if (text === undefined) throw unsupported(`the mapping ${value} of a header: only a literal in quotes`);
  return text;
}
