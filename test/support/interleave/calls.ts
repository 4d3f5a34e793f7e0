import { AsyncLocalStorage } from 'node:async_hooks';
import { S3Client } from '@aws-sdk/client-s3';
import { baseOf } from '../functions/around-call.ts';
import type { Thread, Threads } from './threads.ts';

/** One call of a function, from which its calls of AWS are known. */
export interface Invocation {
  thread: Thread;
  /** the function */
  readonly name: string;
  readonly executionArn: string;
  /** how many calls of AWS it has come to */
  calls: number;
  /** what the machine is told when the function breaks off */
  readonly broken: (error: string) => void;
  /** an error of AWS was made up in it */
  failed: boolean;
  dead: boolean;
}

export interface Observed {
  readonly command: string;
  readonly input: unknown;
  readonly invocation: Invocation;
}

export interface Calls {
  run<T>(invocation: Invocation, work: () => Promise<T>): Promise<T>;
  /** calls of AWS that are nobody's */
  outside<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

type Send = (command: object, ...rest: unknown[]) => Promise<unknown>;
const never = new Promise<never>(() => {});

/** Puts a gate before every call that an AWS client makes in an invocation. @param around looks at a call as it is made */
export function gateCalls(
  threads: Threads,
  around: (observed: Observed, call: () => Promise<unknown>) => Promise<unknown>,
): Calls {
  const current = new AsyncLocalStorage<Invocation | undefined>();
  const client = baseOf(S3Client.prototype);
  const send: Send = Reflect.get(client, 'send');
  const gated: Send = async function (this: unknown, command, ...rest) {
    const invocation = current.getStore();
    const call = () => Reflect.apply(send, this, [command, ...rest]);
    if (!invocation) return call();
    const name = command.constructor.name.replace(/Command$/, '');
    const observed = { command: name, input: Reflect.get(command, 'input'), invocation };
    return passed(threads, observed, () => current.run(undefined, () => around(observed, call)));
  };
  Reflect.set(client, 'send', gated);
  return {
    run: (invocation, work) => current.run(invocation, work),
    outside: (work) => current.run(undefined, work),
    close: () => Reflect.set(client, 'send', send),
  };
}

async function passed(
  threads: Threads,
  { command, input, invocation }: Observed,
  call: () => Promise<unknown>,
): Promise<unknown> {
  const label = `${command} ${what(input)}`;
  invocation.calls += 1;
  let decision = await invocation.thread.pause(label);
  if (decision === 'cut') {
    // The machine hears no more of it, and the function goes on.
    invocation.thread = threads.adopt(`${invocation.thread.name} (cut off)`);
    invocation.broken('Lambda.ClientExecutionTimeoutException');
    decision = await invocation.thread.pause(label);
  }
  if (decision === 'fail') {
    invocation.failed = true;
    throw Object.assign(new Error(`${command} is throttled`), { name: 'ThrottlingException' });
  }
  if (decision === 'die-before') return die(invocation);
  const result = await settle(call);
  if (decision === 'die-after') return die(invocation);
  if ('error' in result) throw result.error;
  return result.value;
}

async function settle(call: () => Promise<unknown>): Promise<{ value: unknown } | { error: unknown }> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error };
  }
}

/** A process that has ended does nothing more, not even its `finally`. */
function die(invocation: Invocation): Promise<never> {
  invocation.dead = true;
  invocation.broken('Runtime.ExitError');
  return never;
}

/** What a call is about, short: a key, an update's words. */
function what(input: unknown): string {
  const { Key, Item, UpdateExpression, ExpressionAttributeNames = {} } = Object(input);
  const id = Key?.id ?? Item?.id ?? Key ?? '';
  const key = typeof id === 'string' ? id : (id.S ?? '');
  const update = Object.entries(ExpressionAttributeNames).reduce(
    (text, [name, value]) => text.replaceAll(name, String(value)),
    String(UpdateExpression ?? ''),
  );
  return `${key} ${update}`.trim();
}
