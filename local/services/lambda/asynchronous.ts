import { randomUUID } from 'node:crypto';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import { type DiskQueue, diskQueue, type NextAttempt } from '../../core/disk-queue.ts';
import { StateNotWritten } from '../../core/not-written.ts';
import { AGAIN_MS } from '../../core/until-written.ts';
import { type FailureQueues, sendRecord } from './event-invoke-config.ts';
import type { Failure } from './failure.ts';
import type { LambdaFunction } from './function.ts';
import type { RunInvocation } from './sandbox.ts';

// Of an asynchronous invocation: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
export const MAX_EVENT_BYTES = 1024 * 1024;

// Lambda runs a function that fails twice more: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
const RETRY_WAITS = [60_000, 120_000];

/** An event that waits for its function. */
interface QueuedEvent {
  /** the function's reference, as the caller gave it */
  readonly reference: string;
  readonly qualifier?: string | undefined;
  readonly payload: string;
  /** the same at each attempt */
  readonly requestId: string;
  /** how often the function has failed */
  readonly failures: number;
}

export interface EventQueueOptions {
  readonly cloud: Cloud;
  readonly run: RunInvocation;
  /** @throws ResourceNotFoundException */
  find(reference: string, qualifier?: string): LambdaFunction;
  readonly queues: FailureQueues;
  /** whether the process ends: what runs then is no failure of the function */
  stopping(): boolean;
  /** before each retry, in milliseconds */
  readonly waits?: readonly number[];
}

/** The asynchronous invocations, on disk. */
export interface EventQueue extends Pick<DiskQueue<QueuedEvent>, 'start' | 'stop'> {
  /** takes an event, which is on disk when this resolves */
  add(event: Pick<QueuedEvent, 'reference' | 'qualifier' | 'payload'>): Promise<void>;
}

/** The queue that Lambda puts events in before it hands them to their functions. */
export function eventQueue(options: EventQueueOptions): EventQueue {
  const { cloud, waits = RETRY_WAITS } = options;
  const queue = diskQueue<QueuedEvent>({
    cloud,
    queue: cloud.store.collection('lambda/events'),
    longestWait: Math.max(AGAIN_MS, ...waits),
    attempt: (event) => attempt(options, event),
    nameOf: ({ reference }) => `an asynchronous invocation of ${reference}`,
  });
  return {
    add: async (event) => {
      const queued = { ...event, requestId: randomUUID(), failures: 0 };
      await cloud.store.transaction(() => queue.write(Date.now(), queued));
      queue.wake();
    },
    start: queue.start,
    stop: queue.stop,
  };
}

async function attempt(options: EventQueueOptions, event: QueuedEvent): Promise<NextAttempt<QueuedEvent>> {
  const { stopping, waits = RETRY_WAITS } = options;
  const reason = await failureOf(options, event);
  if (reason === undefined) return 'done';
  if (stopping()) return { due: Date.now(), work: event };
  const wait = reason.retryable ? waits[event.failures] : undefined;
  if (wait !== undefined) return { due: Date.now() + wait, work: { ...event, failures: event.failures + 1 } };
  try {
    await giveUp(options, event, reason);
    return 'done';
  } catch (error) {
    if (!(error instanceof StateNotWritten)) throw error;
    return { due: Date.now() + AGAIN_MS, work: event };
  }
}

/**
 * Hands the event on to the function's queue. Without one, or when the queue does not take it, the event is lost.
 * @throws StateNotWritten when the disk is full: then it is not lost
 */
async function giveUp(
  { cloud, queues }: EventQueueOptions,
  { reference, requestId, payload, failures }: QueuedEvent,
  { fn, message, failure }: EventFailure,
): Promise<void> {
  const queue = fn && queues.get(fn.name);
  const attempts = failure ? failures + 1 : failures;
  const becomes =
    fn && queue
      ? await sendRecord(cloud, fn, queue, { requestId, payload, attempts, failure }).then(
          () => `the event is in ${queue}`,
          (error: unknown) => {
            if (error instanceof StateNotWritten) throw error;
            return `${queue} does not take it either (${String(error)}), and the event is lost`;
          },
        )
      : 'the event is lost';
  cloud.warn(`${reference} did not take an event, and Lambda does not try again (${message}): ${becomes}`);
}

interface EventFailure {
  readonly message: string;
  readonly retryable: boolean;
  /** undefined where there is no such function */
  readonly fn?: LambdaFunction;
  /** undefined where the function did not run */
  readonly failure?: Failure;
}

/** Why the function did not take the event; undefined where it did. */
async function failureOf(
  { find, run }: EventQueueOptions,
  { reference, qualifier, payload, requestId }: QueuedEvent,
): Promise<EventFailure | undefined> {
  let fn: LambdaFunction | undefined;
  try {
    fn = find(reference, qualifier);
    if (fn.concurrency === 0)
      return { fn, message: 'its ReservedConcurrentExecutions is 0', retryable: false };
    const outcome = await run(fn, { requestId, payload });
    if (!('failure' in outcome)) return undefined;
    const { errorType, errorMessage } = outcome.failure;
    return { fn, failure: outcome.failure, message: `${errorType}: ${errorMessage}`, retryable: true };
  } catch (error) {
    return { ...(fn && { fn }), message: String(error), retryable: !(error instanceof AwsError) };
  }
}
