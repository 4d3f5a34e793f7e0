import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud, Principal, Resource } from '../../core/cloud.ts';
import { compilePattern, type EventPattern } from '../../core/event-pattern/compile.ts';
import { inert, keyId, tagMap } from '../../core/forms.ts';

/** A pipe from an SQS queue, by way of a function, to a state machine. */
export interface Pipe {
  readonly name: string;
  readonly arn: string;
  readonly description?: string | undefined;
  readonly source: string;
  readonly batchSize: number;
  /** a record passes when one of the filters takes it, or when there is no filter */
  readonly filters: readonly EventPattern[];
  readonly enrichment?: string | undefined;
  readonly target: string;
  readonly roleArn: string;
  readonly desiredState: 'RUNNING' | 'STOPPED';
  /** the definition as the template has it */
  readonly given: PipeProperties;
}

// One ReceiveMessage gives at most ten messages, and a batch is the messages of one.
const MAX_BATCH = 10;

// https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_FilterCriteria.html and API_Filter.html beside it
const MAX_FILTERS = 5;
const MAX_FILTER_LENGTH = 4096;

export const pipeProperties = z.strictObject({
  Name: z
    .string()
    .regex(/^[.\-_A-Za-z0-9]{1,64}$/, 'a pipe name holds 1 to 64 of A-Z a-z 0-9 . - _')
    .optional(),
  Description: z.string().max(512).optional(),
  Source: z.string(),
  SourceParameters: z
    .strictObject({
      SqsQueueParameters: z
        .strictObject({ BatchSize: z.coerce.number().int().min(1).max(MAX_BATCH).optional() })
        .optional(),
      FilterCriteria: z
        .strictObject({
          Filters: z
            .array(z.strictObject({ Pattern: z.string().max(MAX_FILTER_LENGTH) }))
            .max(
              MAX_FILTERS,
              `a pipe has ${MAX_FILTERS} filters at most: a record passes when one of them takes it`,
            )
            .default([]),
        })
        .optional(),
    })
    .default({}),
  Enrichment: z.string().optional(),
  EnrichmentParameters: z.strictObject({}).default({}),
  Target: z.string(),
  TargetParameters: z
    .strictObject({
      StepFunctionStateMachineParameters: z
        .strictObject({ InvocationType: z.string().optional() })
        .optional(),
    })
    .default({}),
  RoleArn: z.string(),
  DesiredState: z.enum(['RUNNING', 'STOPPED']).default('RUNNING'),
  KmsKeyIdentifier: inert(keyId),
  Tags: inert(tagMap),
});

type PipeProperties = z.infer<typeof pipeProperties>;

/** The role that EventBridge takes up for a pipe. @throws AccessDenied when the role does not trust it */
export const roleOf = (cloud: Cloud, { roleArn, arn }: Pick<Pipe, 'roleArn' | 'arn'>): Principal =>
  cloud.assume(roleArn, cloud.acting('pipes.amazonaws.com', arn));

/**
 * @throws UnsupportedOperation for another source, enrichment or target, or another way to invoke the target
 * @throws ValidationException for a role that may not do the pipe's work
 */
export function pipeOf(cloud: Cloud, given: PipeProperties, { generatedName }: Resource): Pipe {
  const { Name: name = generatedName.slice(-64) } = given;
  refuseUnsupported(name, given);
  const { SqsQueueParameters, FilterCriteria } = given.SourceParameters;
  const arn = `arn:aws:pipes:${cloud.region}:${cloud.account}:pipe/${name}`;
  checkRole(cloud, roleOf(cloud, { roleArn: given.RoleArn, arn }), given);
  return {
    name,
    arn,
    description: given.Description,
    source: given.Source,
    batchSize: SqsQueueParameters?.BatchSize ?? MAX_BATCH,
    filters: (FilterCriteria?.Filters ?? []).map(({ Pattern }) => compilePattern(Pattern)),
    enrichment: given.Enrichment,
    target: given.Target,
    roleArn: given.RoleArn,
    desiredState: given.DesiredState,
    given,
  };
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html
const READING = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => `sqs:${action}`);

/** EventBridge looks at once whether the role may read the source. What it may not call would fail with every event. */
function checkRole(cloud: Cloud, role: Principal, { Source, Enrichment, Target }: PipeProperties): void {
  const needed: readonly (readonly [action: string, resource: string])[] = [
    ...READING.map((action) => [action, Source] as const),
    ...(Enrichment === undefined ? [] : [['lambda:InvokeFunction', Enrichment] as const]),
    ['states:StartExecution', Target],
  ];
  const denied = needed.find(([action, resource]) => !cloud.policies.allows(role, action, resource));
  if (denied === undefined) return;
  const [action, resource] = denied;
  throw new AwsError(
    'ValidationException',
    `the role ${role.arn} does not have permissions to call ${action} on ${resource}: allow it, and let the pipe depend on the policy`,
  );
}

function refuseUnsupported(
  name: string,
  { Source, Enrichment, Target, TargetParameters }: PipeProperties,
): void {
  if (!/^arn:[^:]+:sqs:/.test(Source)) throw unsupported(`the pipe source ${Source}`);
  if (Enrichment && !/^arn:[^:]+:lambda:/.test(Enrichment))
    throw unsupported(`the pipe enrichment ${Enrichment}`);
  if (!/^arn:[^:]+:states:/.test(Target)) throw unsupported(`the pipe target ${Target}`);
  const { InvocationType = 'REQUEST_RESPONSE' } = TargetParameters.StepFunctionStateMachineParameters ?? {};
  if (InvocationType !== 'FIRE_AND_FORGET')
    throw unsupported(`the invocation type ${InvocationType} of the pipe ${name}`);
}
