import * as z from 'zod';
import { unsupported } from '../../core/aws-error.ts';
import type { Cloud, Resource } from '../../core/cloud.ts';
import { compilePattern, type EventPattern } from '../../core/event-pattern/compile.ts';

/** A pipe from an SQS queue, by way of a function, to a state machine. */
export interface Pipe {
  readonly name: string;
  readonly arn: string;
  readonly description?: string | undefined;
  readonly source: string;
  readonly batchSize: number;
  /** a record passes when one of them takes it, or when there is none */
  readonly filters: readonly EventPattern[];
  readonly enrichment?: string | undefined;
  readonly target: string;
  readonly roleArn: string;
  readonly desiredState: 'RUNNING' | 'STOPPED';
  /** the definition as the template has it */
  readonly given: z.infer<typeof pipeProperties>;
}

// One ReceiveMessage gives no more, and a batch is never put together of several here.
const MAX_BATCH = 10;

const pipeProperties = z.object({
  Name: z.string(),
  Description: z.string().optional(),
  Source: z.string(),
  SourceParameters: z
    .object({
      SqsQueueParameters: z
        .object({
          BatchSize: z.coerce.number().int().min(1).max(MAX_BATCH).optional(),
          MaximumBatchingWindowInSeconds: z.coerce.number().optional(),
        })
        .optional(),
      FilterCriteria: z
        .object({ Filters: z.array(z.object({ Pattern: z.string() })).default([]) })
        .optional(),
    })
    .default({}),
  Enrichment: z.string().optional(),
  EnrichmentParameters: z.record(z.string(), z.unknown()).default({}),
  Target: z.string(),
  TargetParameters: z
    .looseObject({
      StepFunctionStateMachineParameters: z.object({ InvocationType: z.string().optional() }).optional(),
    })
    .default({}),
  RoleArn: z.string(),
  DesiredState: z.enum(['RUNNING', 'STOPPED']).default('RUNNING'),
});

/** @throws UnsupportedOperation for another source, enrichment or target, or for input templates */
export function pipeOf(cloud: Cloud, { properties, generatedName }: Resource): Pipe {
  const given = pipeProperties.parse({ Name: generatedName.slice(-64), ...properties });
  refuseUnsupported(given);
  const { SqsQueueParameters, FilterCriteria } = given.SourceParameters;
  return {
    name: given.Name,
    arn: `arn:aws:pipes:${cloud.region}:${cloud.account}:pipe/${given.Name}`,
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

function refuseUnsupported(given: z.infer<typeof pipeProperties>): void {
  const { Source, Enrichment, EnrichmentParameters, Target, TargetParameters } = given;
  const { StepFunctionStateMachineParameters: machine, ...otherParameters } = TargetParameters;
  if (!/^arn:[^:]+:sqs:/.test(Source)) throw unsupported(`the pipe source ${Source}`);
  if (Enrichment && !/^arn:[^:]+:lambda:/.test(Enrichment))
    throw unsupported(`the pipe enrichment ${Enrichment}`);
  if (!/^arn:[^:]+:states:/.test(Target)) throw unsupported(`the pipe target ${Target}`);
  const [parameter] = [...Object.keys(EnrichmentParameters), ...Object.keys(otherParameters)];
  if (parameter) throw unsupported(`${parameter} of the pipe ${given.Name}`);
  if (machine?.InvocationType !== 'FIRE_AND_FORGET')
    throw unsupported(
      `the invocation type ${machine?.InvocationType ?? 'REQUEST_RESPONSE'} of the pipe ${given.Name}`,
    );
}
