import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import { operation } from '../../core/gate.ts';
import { type EventQueue, MAX_EVENT_BYTES } from './asynchronous.ts';
import type { Concurrency } from './concurrency.ts';
import { type Failure, tooLarge } from './failure.ts';
import { findFunction, type Registry } from './names.ts';
import type { RunInvocation } from './sandbox.ts';
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

/** Invoke */
export const invokeOperation = (parts: Parts) => operation(invokeInput, (request) => invoke(parts, request));

interface Parts {
  readonly registry: Registry;
  readonly run: RunInvocation;
  readonly events: EventQueue;
  readonly concurrency: Concurrency;
}

/** @throws RequestTooLargeException, InvalidRequestContentException, TooManyRequestsException, ResourceNotFoundException */
async function invoke(
  { registry, run, events, concurrency }: Parts,
  request: z.output<typeof invokeInput>,
): Promise<InvokeOutput> {
  if (request.LogType === 'Tail') throw unsupported('LogType Tail: read the log group instead');
  const fn = findFunction(registry, request.FunctionName, request.Qualifier);
  const isEvent = request.InvocationType === 'Event';
  const payload = payloadOf(request.Payload, isEvent ? MAX_EVENT_BYTES : MAX_PAYLOAD_BYTES);
  if (isEvent) {
    await events.add({ reference: request.FunctionName, qualifier: request.Qualifier, payload });
    return { StatusCode: 202, Payload: '' };
  }
  if (request.InvocationType === 'DryRun') return { StatusCode: 204, Payload: '' };
  concurrency.check(fn);
  const clientContext = request.ClientContext && Buffer.from(request.ClientContext, 'base64').toString();
  return answer(
    await run(fn, { requestId: randomUUID(), payload, clientContext: clientContext || undefined }),
  );
}

function payloadOf(given: string | Uint8Array, limit: number): string {
  const payload = typeof given === 'string' ? given : Buffer.from(given).toString('utf8');
  const size = Buffer.byteLength(payload);
  if (size > limit)
    throw new AwsError(
      'RequestTooLargeException',
      `the payload is ${size} bytes: it must be smaller than ${limit} bytes`,
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
