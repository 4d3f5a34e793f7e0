import * as z from 'zod';
import { inert, keyId, tagList } from '../../core/forms.ts';
import { templateBoolean } from '../../core/input.ts';

const minutes = (max: number) => z.coerce.number().int().min(5).max(max).optional();

const variableSchema = z.strictObject({
  Name: z.string().min(1),
  Value: z.coerce.string(),
  Type: z.enum(['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER']).default('PLAINTEXT'),
});

const logsSchema = z.strictObject({
  CloudWatchLogs: z
    .strictObject({
      Status: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
      GroupName: z
        .string()
        .regex(/^[.\-_/#A-Za-z0-9]{1,512}$/)
        .optional(),
    })
    .prefault({}),
  S3Logs: z.strictObject({ Status: z.string() }).optional(),
});

const environmentSchema = z.strictObject({
  Type: z.string(),
  Image: z.string().min(1),
  ComputeType: z.string(),
  PrivilegedMode: templateBoolean.default(false),
  EnvironmentVariables: z.array(variableSchema).default([]),
  ImagePullCredentialsType: inert(z.enum(['CODEBUILD', 'SERVICE_ROLE'])),
});

// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_VpcConfig.html
const vpcConfig = z
  .strictObject({
    VpcId: z.string().min(1).optional(),
    Subnets: z.array(z.string()).min(1).max(16).optional(),
    SecurityGroupIds: z.array(z.string()).min(1).max(5).optional(),
  })
  .refine(
    ({ VpcId, Subnets, SecurityGroupIds }) =>
      (VpcId === undefined) === (Subnets === undefined) &&
      (VpcId === undefined) === (SecurityGroupIds === undefined),
    'VpcId, Subnets and SecurityGroupIds go together: write all or none',
  );

/** All that a project may have: another property would change a build on AWS. */
export const propertiesSchema = z.strictObject({
  Name: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]{1,149}$/, 'a name has 2 to 150 letters, digits, - and _')
    .optional(),
  Description: z.string().max(255).default(''),
  ServiceRole: z.string(),
  TimeoutInMinutes: minutes(2160),
  QueuedTimeoutInMinutes: minutes(480),
  Source: z.strictObject({
    Type: z.string(),
    Location: z.string().optional(),
    BuildSpec: z.string().optional(),
  }),
  SourceVersion: z.string().optional(),
  Artifacts: z.strictObject({ Type: z.string() }),
  Environment: environmentSchema,
  LogsConfig: logsSchema.prefault({}),
  Cache: z.strictObject({ Type: z.string() }).optional(),
  // A build runs in this machine's network, and S3 encrypts nothing here.
  Tags: inert(tagList),
  VpcConfig: inert(vpcConfig),
  EncryptionKey: inert(keyId),
});

export type Properties = z.infer<typeof propertiesSchema>;
