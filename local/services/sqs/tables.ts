import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import type { Statement } from '../../core/iam/document.ts';
import type { Collection } from '../../core/store.ts';

export interface Queue {
  readonly name: string;
  readonly arn: string;
  /** seconds, as every setting of a queue */
  readonly visibilityTimeout: number;
  readonly retention: number;
  readonly delay: number;
  readonly receiveWait: number;
  readonly maxBytes: number;
  readonly redrive?: { readonly arn: string; readonly maxReceives: number } | undefined;
}

/** A queue that a call has made, of which nothing but the policy is chosen. */
export interface MadeQueue {
  readonly name: string;
  readonly policy?: readonly Statement[] | undefined;
}

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  /** in base64 */
  readonly BinaryValue?: string | undefined;
}

/** A message as its sender gave it. */
export interface Message {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** milliseconds since 1970, as every time of this service's state */
  readonly sent: number;
  readonly sender: string;
  /** the queue that gave up on it */
  readonly source?: string;
}

/** The time of a message's next receive, and the receives before. */
export interface Standing {
  /** nobody receives the message before this time */
  readonly visible: number;
  readonly sequence: number;
  readonly receives: number;
  readonly firstReceived?: number;
  /** the secret part of the last receipt handle, which alone deletes the message */
  readonly receipt?: string;
}

export interface Move {
  readonly handle: string;
  readonly source: string;
  readonly destination?: string | undefined;
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly reason?: string;
  readonly moved: number;
  readonly toMove: number;
  readonly started: number;
}

/** Queues are in memory, as each start makes them again; those of calls and all messages are on disk. */
export interface State {
  readonly cloud: Cloud;
  readonly queues: Map<string, Queue>;
  /** by name */
  readonly made: Collection<MadeQueue>;
  /** by `[queue, id]` */
  readonly messages: Collection<Message>;
  /** by `[queue, id]` */
  readonly standings: Collection<Standing>;
  /** by `[queue, visible, sequence, id]`: the order in which messages are received */
  readonly order: Collection<true>;
  /** by `[source queue, started]` */
  readonly moves: Collection<Move>;
  readonly listeners: Listeners;
  /** the next number, which orders the messages of one millisecond */
  next(): number;
}

export function stateOf(cloud: Cloud): State {
  const { store } = cloud;
  let sequence = 0;
  return {
    cloud,
    queues: new Map(),
    made: store.collection('sqs/queues'),
    messages: store.collection('sqs/messages'),
    standings: store.collection('sqs/standings'),
    order: store.collection('sqs/order'),
    moves: store.collection('sqs/moves'),
    listeners: listeners(),
    next: () => sequence++,
  };
}

/** The receivers that wait for a message; they are woken, so none has to poll the store. */
interface Listeners {
  /** ends every wait on the queue */
  notify(queue: string): void;
  /** resolves when there may be a message, this many milliseconds have gone by, or the service stops */
  wait(queue: string, milliseconds: number): Promise<void>;
  /** ends every wait, now and from now on */
  close(): void;
  readonly closed: boolean;
}

function listeners(): Listeners {
  const waiting = new Map<string, Set<() => void>>();
  let closed = false;
  const notify = (queue: string): void => {
    for (const wake of waiting.get(queue) ?? []) wake();
  };
  return {
    notify,
    wait: (queue, milliseconds) =>
      new Promise((resolve) => {
        if (closed) return resolve();
        const those = waiting.get(queue) ?? new Set();
        waiting.set(queue, those);
        const wake = (): void => {
          clearTimeout(timer);
          those.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, milliseconds);
        those.add(wake);
      }),
    close: () => {
      closed = true;
      for (const queue of waiting.keys()) notify(queue);
    },
    get closed() {
      return closed;
    },
  };
}

/** @throws QueueDoesNotExist */
export function queueOf(state: State, url: string): Queue {
  const queue = state.queues.get(url.slice(url.lastIndexOf('/') + 1));
  if (!queue) throw new AwsError('QueueDoesNotExist', `the specified queue does not exist: ${url}`);
  return queue;
}

/** @throws ResourceNotFoundException */
export function queueByArn(state: State, arn: string): Queue {
  const queue = state.queues.get(arn.slice(arn.lastIndexOf(':') + 1));
  if (queue?.arn !== arn)
    throw new AwsError('ResourceNotFoundException', `there is no queue with the ARN ${arn}`, 404);
  return queue;
}

export function urlOf({ cloud }: State, { name }: Queue): string {
  return `${cloud.endpoint}/${cloud.account}/${name}`;
}
