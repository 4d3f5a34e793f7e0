import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import { type Transform, transformer } from './transformer.ts';

// What a rule without a RetryPolicy gets: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html
const MAX_ATTEMPTS = 185;
const MAX_AGE_SECONDS = 86_400;

// CloudFormation may hand numbers over as text.
const count = (max: number) => z.coerce.number().int().min(0).max(max);

/** A target as the API and the template write it. */
export const targetInput = z.looseObject({
  Id: z.string().min(1).max(64),
  Arn: z.string().min(1),
  RoleArn: z.string().optional(),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .object({
      InputPathsMap: z.record(z.string(), z.string()).optional(),
      InputTemplate: z.string().max(8192),
    })
    .optional(),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
  RetryPolicy: z
    .object({
      MaximumRetryAttempts: count(MAX_ATTEMPTS).optional(),
      MaximumEventAgeInSeconds: count(MAX_AGE_SECONDS).optional(),
    })
    .optional(),
  SqsParameters: z.object({ MessageGroupId: z.string() }).optional(),
});

export type TargetInput = z.infer<typeof targetInput>;

export type TargetKind = 'states' | 'sqs' | 'lambda' | 'logs';

export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly kind: TargetKind;
  readonly roleArn?: string | undefined;
  readonly deadLetterArn?: string | undefined;
  readonly maxAttempts: number;
  readonly maxAgeSeconds: number;
  readonly transform: Transform;
  /** as it was given, for ListTargetsByRule */
  readonly given: TargetInput;
}

const kinds: readonly [TargetKind, RegExp][] = [
  ['states', /^arn:[^:]+:states:[^:]*:[^:]*:stateMachine:/],
  ['sqs', /^arn:[^:]+:sqs:/],
  ['lambda', /^arn:[^:]+:lambda:[^:]*:[^:]*:function:/],
  ['logs', /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:/],
];

const known = new Set(Object.keys(targetInput.shape));

/** @throws UnsupportedOperation for a kind of target or a parameter that is not carried out here */
export function targetOf(given: TargetInput): Target {
  const kind = kinds.find(([, arn]) => arn.test(given.Arn))?.[0];
  if (!kind) throw unsupported(`the rule target ${given.Arn}`);
  if (kind === 'states' && !given.RoleArn)
    throw new AwsError('ValidationException', `RoleArn is required for target ${given.Arn}.`);
  for (const name of Object.keys(given)) if (!known.has(name)) throw unsupported(`${name} of a rule target`);
  return {
    id: given.Id,
    arn: given.Arn,
    kind,
    roleArn: given.RoleArn,
    deadLetterArn: given.DeadLetterConfig?.Arn,
    maxAttempts: given.RetryPolicy?.MaximumRetryAttempts ?? MAX_ATTEMPTS,
    maxAgeSeconds: given.RetryPolicy?.MaximumEventAgeInSeconds ?? MAX_AGE_SECONDS,
    transform: transformer(given),
    given,
  };
}
