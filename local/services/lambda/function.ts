import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud, Principal, Resource } from '../../core/cloud.ts';
import { inert, keyArn, tagList } from '../../core/forms.ts';
import { templateBoolean } from '../../core/input.ts';
import { checkEnvironment, checkHandler, checkRuntime } from './check.ts';

/** A function as the template defines it. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly role: string;
  /** the folder of the code */
  readonly root: string;
  readonly handler: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly description: string;
  readonly concurrency: number | undefined;
  readonly logGroup: string;
  readonly logFormat: 'Text' | 'JSON';
  readonly lastModified: string;
}

// Lambda's own defaults and bounds.
const DEFAULT_TIMEOUT_SECONDS = 3;
const MAX_TIMEOUT_SECONDS = 900;
const DEFAULT_MEMORY_MEGABYTES = 128;
const MAX_MEMORY_MEGABYTES = 10_240;
const MAX_INLINE_LENGTH = 4 * 1024 * 1024;

// https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html
const vpcConfig = z
  .strictObject({
    SubnetIds: z.array(z.string()).max(16).default([]),
    SecurityGroupIds: z.array(z.string()).max(5).default([]),
    Ipv6AllowedForDualStack: templateBoolean.optional(),
  })
  .refine(
    ({ SubnetIds, SecurityGroupIds }) => (SubnetIds.length === 0) === (SecurityGroupIds.length === 0),
    'SubnetIds and SecurityGroupIds go together: write both or none',
  );

/** AWS::Lambda::Function */
export const functionSchema = z.strictObject({
  FunctionName: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  Description: z.string().max(256).default(''),
  PackageType: z.string().default('Zip'),
  Code: z
    .strictObject({
      S3Bucket: z.string().optional(),
      S3Key: z.string().optional(),
      ZipFile: z.string().max(MAX_INLINE_LENGTH).optional(),
      ImageUri: z.string().optional(),
    })
    .refine(
      ({ S3Key, ZipFile }) => S3Key === undefined || ZipFile === undefined,
      'ZipFile and S3Key exclude each other: leave one out',
    ),
  Handler: z.string().max(128).default(''),
  Runtime: z.string().default(''),
  Role: z.string(),
  Timeout: z.coerce.number().int().min(1).max(MAX_TIMEOUT_SECONDS).default(DEFAULT_TIMEOUT_SECONDS),
  MemorySize: z.coerce.number().int().min(128).max(MAX_MEMORY_MEGABYTES).default(DEFAULT_MEMORY_MEGABYTES),
  Environment: z
    .strictObject({ Variables: z.record(z.string().regex(/^[A-Za-z]\w+$/), z.coerce.string()).default({}) })
    .optional(),
  ReservedConcurrentExecutions: z.coerce.number().int().min(0).optional(),
  LoggingConfig: z
    .strictObject({
      LogGroup: z
        .string()
        .regex(/^[.\-_/#A-Za-z0-9]{1,512}$/)
        .optional(),
      LogFormat: z.enum(['Text', 'JSON']).default('Text'),
    })
    .optional(),
  Layers: z.array(z.unknown()).default([]),
  FileSystemConfigs: z.array(z.unknown()).default([]),
  // A function runs on this machine's processor and in its network, is traced by nobody, and nothing is encrypted or looked
  // for by a tag.
  Architectures: inert(z.array(z.enum(['arm64', 'x86_64'])).length(1)),
  Tags: inert(tagList),
  TracingConfig: inert(z.strictObject({ Mode: z.enum(['Active', 'PassThrough']) })),
  VpcConfig: inert(vpcConfig),
  KmsKeyArn: inert(keyArn),
});

type Properties = z.output<typeof functionSchema>;

/**
 * The role that Lambda takes up for a function. Of the keys of conditions, it is not documented to tell any.
 * @throws AccessDenied when the role does not trust Lambda
 */
export const roleOf = (cloud: Cloud, { role }: Pick<LambdaFunction, 'role'>): Principal =>
  cloud.assume(role, cloud.acting('lambda.amazonaws.com'));

/** @throws UnsupportedOperation that names the function and what of it does not run here */
export function functionOf(cloud: Cloud, given: Properties, { generatedName }: Resource): LambdaFunction {
  const name = given.FunctionName ?? generatedName.slice(0, 64);
  refuse(name, given);
  const variables = given.Environment?.Variables ?? {};
  checkEnvironment(name, variables);
  const root = codeOf(cloud, name, given.Code);
  checkHandler(name, root, given.Handler);
  checkRole(cloud, roleOf(cloud, { role: given.Role }), name, given);
  return {
    name,
    arn: `arn:aws:lambda:${cloud.region}:${cloud.account}:function:${name}`,
    role: given.Role,
    root,
    handler: given.Handler,
    runtime: given.Runtime,
    timeoutSeconds: given.Timeout,
    memoryMegabytes: given.MemorySize,
    variables,
    description: given.Description,
    concurrency: given.ReservedConcurrentExecutions,
    logGroup: given.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
    logFormat: given.LoggingConfig?.LogFormat ?? 'Text',
    lastModified: new Date().toISOString(),
  };
}

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
const IN_VPC = ['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DeleteNetworkInterface'].map(
  (action) => `ec2:${action}`,
);
// https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
const TRACED = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

/** @throws InvalidParameterValueException for a role that may not do what the settings ask for, at which Lambda looks at once */
function checkRole(
  cloud: Cloud,
  role: Principal,
  name: string,
  { VpcConfig, TracingConfig }: Properties,
): void {
  const needed = [
    ...(VpcConfig && VpcConfig.SubnetIds.length > 0 ? IN_VPC : []),
    ...(TracingConfig?.Mode === 'Active' ? TRACED : []),
  ];
  const denied = needed.find((action) => !cloud.policies.allows(role, action, '*'));
  if (denied === undefined) return;
  throw new AwsError(
    'InvalidParameterValueException',
    `the execution role ${role.arn} of the function ${name} does not have permissions to call ${denied}: allow it, and let the function depend on the policy`,
  );
}

function refuse(name: string, given: Properties): void {
  if (given.PackageType !== 'Zip' || given.Code.ImageUri)
    throw unsupported(`the container image of the function ${name}: package it as a zip`);
  checkRuntime(name, given.Runtime);
  if (given.Layers.length > 0) throw unsupported(`the layers of the function ${name}: bundle what they hold`);
  if (given.FileSystemConfigs.length > 0) throw unsupported(`the file system of the function ${name}`);
}

function codeOf(cloud: Cloud, name: string, { S3Key, ZipFile }: Properties['Code']): string {
  if (ZipFile !== undefined) {
    const folder = cloud.store.folder('lambda', name);
    writeFileSync(join(folder, 'index.js'), ZipFile);
    return folder;
  }
  const path = S3Key === undefined ? undefined : cloud.asset(S3Key)?.path;
  if (!path)
    throw new AwsError(
      'InvalidParameterValueException',
      `the code of the function ${name} (S3Key ${S3Key}) is no asset of the assembly: run the synthesis again`,
    );
  if (!statSync(path).isDirectory())
    throw unsupported(`the code of the function ${name} at ${path}: give the folder, not a finished zip`);
  return path;
}
