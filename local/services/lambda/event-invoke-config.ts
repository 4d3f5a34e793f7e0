import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import { resourceType } from '../../core/gate.ts';
import { queueUrl } from '../../core/queue-url.ts';
import { type LambdaFunction, roleOf } from './function.ts';
import { findFunction, type Registry } from './names.ts';

/** AWS::Lambda::EventInvokeConfig: how often and for how long Lambda tries is always its own default. */
const configSchema = z.strictObject({
  FunctionName: z.string().regex(/^[\w-]{1,64}$/),
  Qualifier: z.literal('$LATEST'),
  DestinationConfig: z.strictObject({
    OnFailure: z.strictObject({
      Destination: z.string().regex(/^arn:aws:sqs:[^:]+:\d{12}:[\w-]+$/, {
        error: 'expected the ARN of a standard queue of SQS, the one destination that the local runtime has',
      }),
    }),
  }),
});

/** The queues that events go to when their functions have failed for good, by the function's name. */
export type FailureQueues = Map<string, string>;

export const eventInvokeConfigType = (cloud: Cloud, registry: Registry, queues: FailureQueues) =>
  resourceType(
    configSchema,
    ({ FunctionName, Qualifier, DestinationConfig }, { generatedName }) => {
      const fn = findFunction(registry, FunctionName, Qualifier);
      const queue = DestinationConfig.OnFailure.Destination;
      checkSending(cloud, fn, queue);
      queues.set(fn.name, queue);
      return { ref: generatedName };
    },
    ({ properties }) => void queues.delete(configSchema.parse(properties).FunctionName),
  );

/** Lambda looks at the function's role when it is told of the queue. */
function checkSending(cloud: Cloud, fn: LambdaFunction, queue: string): void {
  if (cloud.policies.allows(roleOf(cloud, fn), 'sqs:SendMessage', queue)) return;
  throw new AwsError(
    'InvalidParameterValueException',
    `the execution role of the function ${fn.name} does not have permissions to call SendMessage on ${queue}: allow it`,
  );
}

/** An event whose function has failed for good, and how its last attempt ended. */
export interface FailedEvent {
  readonly requestId: string;
  readonly payload: string;
  readonly attempts: number;
  /** how the function failed; undefined when it was not run */
  readonly failure?: { readonly errorType: string; readonly errorMessage: string } | undefined;
}

/**
 * Sends the record of an event to a queue, as the function's role.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * @throws AccessDenied, or what SQS says, as of a record that is larger than a message may be
 */
export async function sendRecord(
  cloud: Cloud,
  fn: LambdaFunction,
  queue: string,
  { requestId, payload, attempts, failure }: FailedEvent,
): Promise<void> {
  const record = {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId,
      functionArn: `${fn.arn}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: attempts,
    },
    requestPayload: JSON.parse(payload),
    ...(failure && {
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: failure,
    }),
  };
  const input = { QueueUrl: queueUrl(cloud, queue), MessageBody: JSON.stringify(record) };
  await cloud.call('sqs', 'SendMessage', input, roleOf(cloud, fn));
}
