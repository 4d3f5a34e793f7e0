import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud, Principal } from '../../core/cloud.ts';
import { checkLogTarget } from './log-target.ts';
import { isInputTemplate, isJson, type Transform, transformer } from './transformer.ts';

// The retry policy of a target without a RetryPolicy:
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html
const MAX_ATTEMPTS = 185;
const MAX_AGE_SECONDS = 86_400;

const MIN_AGE_SECONDS = 60;

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
const MAX_TARGETS = 5;

const MAX_PATHS = 100;

// CloudFormation may hand numbers over as text.
const count = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

// EventBridge's dead letters go to standard queues only.
const STANDARD_QUEUE = /^arn:aws:sqs:[a-z\d-]+:\d{12}:[\w-]+$/;

// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
const inputPaths = z
  .record(
    z
      .string()
      .regex(
        /^(?!AWS\.)[A-Za-z0-9_-]{1,256}$/,
        'a name holds letters, digits, _ and -, and does not begin with AWS.',
      ),
    z.string().max(256),
  )
  .refine((paths) => Object.keys(paths).length <= MAX_PATHS, `a target takes ${MAX_PATHS} paths at most`);

/** A target as the API and the template write it. */
export const targetInput = z.strictObject({
  Id: z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/, 'a target id holds 1 to 64 of A-Z a-z 0-9 . - _'),
  Arn: z.string().min(1),
  RoleArn: z.string().optional(),
  Input: z.string().refine(isJson, 'JSON syntax error in input for target').optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .strictObject({
      InputPathsMap: inputPaths.optional(),
      InputTemplate: z
        .string()
        .max(8192)
        .refine(isInputTemplate, 'is neither JSON nor a text in quotes; its placeholders are <name>'),
    })
    .optional(),
  DeadLetterConfig: z
    .strictObject({ Arn: z.string().regex(STANDARD_QUEUE, 'is not the ARN of a standard queue').optional() })
    .optional(),
  RetryPolicy: z
    .strictObject({
      MaximumRetryAttempts: count(0, MAX_ATTEMPTS).optional(),
      MaximumEventAgeInSeconds: count(MIN_AGE_SECONDS, MAX_AGE_SECONDS).optional(),
    })
    .optional(),
});

export type TargetInput = z.infer<typeof targetInput>;

export type TargetKind = 'states' | 'sqs' | 'sns' | 'lambda' | 'logs' | 'api-destination';

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

/**
 * Whoever calls a target: the target's role, or EventBridge itself, whom the target's resource policy must let.
 * @throws AccessDenied when the role does not trust EventBridge
 */
export function callerOf(cloud: Cloud, ruleArn: string, { roleArn }: Pick<Target, 'roleArn'>): Principal {
  const itself = eventBridge(cloud, ruleArn);
  return roleArn === undefined ? itself : cloud.assume(roleArn, itself);
}

/** EventBridge, as it acts for a rule. */
export const eventBridge = (cloud: Cloud, ruleArn: string): Principal =>
  cloud.acting('events.amazonaws.com', ruleArn);

/** The targets of a rule, each with an id of its own. */
export const targetList = z.array(targetInput).superRefine((targets, { addIssue }) => {
  const ids = targets.map(({ Id }) => Id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    addIssue({ code: 'custom', message: `two targets have the Id ${twice}: give one of them another` });
});

const kinds: readonly [TargetKind, RegExp][] = [
  ['states', /^arn:[^:]+:states:[^:]*:[^:]*:stateMachine:/],
  ['sqs', /^arn:[^:]+:sqs:/],
  ['sns', /^arn:[^:]+:sns:/],
  ['lambda', /^arn:[^:]+:lambda:[^:]*:[^:]*:function:/],
  ['logs', /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:/],
  ['api-destination', /^arn:[^:]+:events:[^:]*:[^:]*:api-destination\//],
];

const WITH_ROLE: ReadonlySet<TargetKind> = new Set(['states', 'api-destination']);

/**
 * @throws UnsupportedOperation for a kind of target that is not carried out here
 * @throws ValidationException for a machine or an API destination without a role, or an input that EventBridge refuses
 */
export function targetOf(given: TargetInput): Target {
  const kind = kinds.find(([, arn]) => arn.test(given.Arn))?.[0];
  if (!kind) throw unsupported(`the rule target ${given.Arn}`);
  if (WITH_ROLE.has(kind) && !given.RoleArn)
    throw new AwsError('ValidationException', `RoleArn is required for target ${given.Arn}.`);
  if (kind === 'logs') checkLogTarget(given);
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

/**
 * The targets of a rule.
 * @throws LimitExceededException for more than EventBridge takes; AccessDenied for a role that does not trust it; what
 * `targetOf` throws
 */
export function targetsOf(
  cloud: Cloud,
  rule: { readonly name: string; readonly arn: string },
  given: readonly TargetInput[],
): Target[] {
  if (given.length > MAX_TARGETS)
    throw new AwsError(
      'LimitExceededException',
      `rule ${rule.name} would have ${given.length} targets: a rule has at most ${MAX_TARGETS}`,
    );
  const targets = given.map(targetOf);
  for (const target of targets) callerOf(cloud, rule.arn, target);
  return targets;
}
