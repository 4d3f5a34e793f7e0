import { S3Client } from '@aws-sdk/client-s3';
import { baseOf } from '../functions/around-call.ts';
import type { Steps } from '../functions/steps.ts';
import { callInProcess } from './in-process.ts';
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
  /** Says whose calls are made from now on: one thread runs at a time. */
  enter(invocation: Invocation | undefined): void;
  close(): void;
}

type Send = (command: object, ...rest: unknown[]) => Promise<unknown>;
const never = new Promise<never>(() => {});

/** Puts a gate before every call that an AWS client makes in an invocation. @param around looks at a call as it is made */
export function gateCalls(
  steps: Pick<Steps, 'call'>,
  threads: Threads,
  around: (observed: Observed, call: () => Promise<unknown>) => Promise<unknown>,
): Calls {
  let current: Invocation | undefined;
  const client = baseOf(S3Client.prototype);
  const send: Send = Reflect.get(client, 'send');
  const gated: Send = async function (this: unknown, command) {
    const name = command.constructor.name.replace(/Command$/, '');
    const input = Object(Reflect.get(command, 'input'));
    const call = () => callInProcess(steps, this, name, input);
    if (!current) throw new Error(`${name} is called by no function of the run`);
    const observed = { command: name, input, invocation: current };
    return passed(threads, observed, () => around(observed, call));
  };
  Reflect.set(client, 'send', gated);
  return {
    enter: (invocation) => {
      current = invocation;
    },
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
