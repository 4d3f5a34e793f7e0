import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import { operation } from '../../core/gate.ts';
import { type Failure, tooLarge } from './failure.ts';
import type { LambdaFunction } from './function.ts';
import { findFunction, type Registry } from './names.ts';
import type { Outcome } from './worker.ts';

// Of a synchronous invocation, both ways: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

const invokeInput = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.string().optional(),
  Payload: z.union([z.string(), z.instanceof(Uint8Array)]).default('{}'),
  InvocationType: z.enum(['RequestResponse', 'DryRun', 'Event']).default('RequestResponse'),
  ClientContext: z.string().optional(),
  LogType: z.enum(['None', 'Tail']).optional(),
});

export interface InvokeOutput {
  readonly StatusCode: number;
  readonly Payload: string;
  readonly ExecutedVersion?: string;
  readonly FunctionError?: string;
}

/** Runs the function in one of its sandboxes. */
export type RunInvocation = (
  fn: LambdaFunction,
  request: { requestId: string; payload: string; clientContext?: string | undefined },
) => Promise<Outcome>;

/** Invoke */
export const invokeOperation = (registry: Registry, run: RunInvocation) =>
  operation(invokeInput, (request) => invoke(registry, run, request));

/** @throws RequestTooLargeException, InvalidRequestContentException, TooManyRequestsException, ResourceNotFoundException */
async function invoke(
  registry: Registry,
  run: RunInvocation,
  request: z.output<typeof invokeInput>,
): Promise<InvokeOutput> {
  if (request.LogType === 'Tail') throw unsupported('LogType Tail: read the log group instead');
  const fn = findFunction(registry, request.FunctionName, request.Qualifier);
  const payload = payloadOf(request.Payload);
  if (request.InvocationType === 'Event') throw unsupported(`the asynchronous invocation of ${fn.name}`);
  if (request.InvocationType === 'DryRun') return { StatusCode: 204, Payload: '' };
  if (fn.concurrency === 0)
    throw new AwsError(
      'TooManyRequestsException',
      `${fn.name} has no concurrency: ReservedConcurrentExecutions is 0`,
      429,
    );
  const clientContext = request.ClientContext && Buffer.from(request.ClientContext, 'base64').toString();
  return answer(
    await run(fn, { requestId: randomUUID(), payload, clientContext: clientContext || undefined }),
  );
}

function payloadOf(given: string | Uint8Array): string {
  const payload = typeof given === 'string' ? given : Buffer.from(given).toString('utf8');
  const size = Buffer.byteLength(payload);
  if (size > MAX_PAYLOAD_BYTES)
    throw new AwsError(
      'RequestTooLargeException',
      `the payload is ${size} bytes: it must be smaller than ${MAX_PAYLOAD_BYTES} bytes`,
      413,
    );
  if (payload === '') return '{}';
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `could not parse the payload as JSON: ${String(error)}`,
    );
  }
  return payload;
}

function answer(outcome: Outcome): InvokeOutput {
  if ('failure' in outcome) return failed(outcome.failure);
  if (Buffer.byteLength(outcome.payload) > MAX_PAYLOAD_BYTES) return failed(tooLarge(MAX_PAYLOAD_BYTES));
  return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: outcome.payload };
}

function failed(failure: Failure): InvokeOutput {
  return {
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
    FunctionError: 'Unhandled',
    Payload: JSON.stringify(failure),
  };
}
