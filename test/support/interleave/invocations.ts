import type { Context } from 'aws-lambda';
import { handler as claim } from '../../../functions/claim/index.ts';
import { handler as publish } from '../../../functions/publish/index.ts';
import { handler as recordEnd } from '../../../functions/record-end/index.ts';
import { handler as report } from '../../../functions/report/index.ts';
import { handler as retire } from '../../../functions/retire/index.ts';
import { handler as startPipeline } from '../../../functions/start-pipeline/index.ts';
import { handler as sweep } from '../../../functions/sweep/index.ts';
import { handler as takeDown } from '../../../functions/take-down/index.ts';
import { COPY_SECONDS, REPORT_SECONDS, START_SECONDS } from '../../../statemachine/states.ts';
import { TAKE_DOWN_SECONDS } from '../../../statemachine/take-down.ts';
import type { Steps } from '../functions/steps.ts';
import { type Calls, gateCalls, type Invocation, type Observed } from './calls.ts';
import type { Execution } from './history.ts';
import { TaskError } from './interpreter.ts';
import type { Thread, Threads } from './threads.ts';

const HANDLERS: Readonly<
  Record<string, { handler: (event: unknown, context: Context) => Promise<unknown>; seconds: number }>
> = {
  claim: { handler: claim, seconds: 30 },
  publish: { handler: publish, seconds: COPY_SECONDS },
  retire: { handler: retire, seconds: COPY_SECONDS },
  'start-pipeline': { handler: startPipeline, seconds: START_SECONDS },
  report: { handler: report, seconds: REPORT_SECONDS },
  'take-down': { handler: takeDown, seconds: TAKE_DOWN_SECONDS },
  sweep: { handler: sweep, seconds: 60 },
  'record-end': { handler: recordEnd, seconds: REPORT_SECONDS },
};

/** The functions at work, each in the thread of its execution. */
export class Invocations {
  private readonly open = new Set<Invocation>();
  private readonly calls: Calls;

  /** @param around looks at each call of AWS as it is made */
  constructor(
    steps: Pick<Steps, 'call'>,
    private readonly threads: Threads,
    around: (observed: Observed, call: () => Promise<unknown>) => Promise<unknown>,
  ) {
    this.calls = gateCalls(steps, threads, around);
  }

  close(): void {
    this.calls.close();
  }

  /** A thread goes on, and nobody else does until it waits again. */
  enter(thread: Thread): void {
    this.calls.enter(this.of(thread));
  }

  /** The invocation that a thread is in. */
  of(thread: Thread): Invocation | undefined {
    return [...this.open].find((each) => each.thread === thread);
  }

  /** Invokes a function as Lambda does. @param request its id, which no other invocation has */
  invoke(
    thread: Thread,
    execution: Execution,
    name: string,
    payload: unknown,
    request: string,
  ): Promise<unknown> {
    const { handler, seconds } = HANDLERS[name] ?? HANDLERS.claim ?? { handler: claim, seconds: 30 };
    const began = this.threads.now();
    const context = {
      functionName: name,
      awsRequestId: request,
      getRemainingTimeInMillis: () => began + seconds * 1000 - this.threads.now(),
    } as Context;
    return this.run(thread, execution, name, () => handler(payload, context));
  }

  /** Does a function's work in an execution's thread, until it ends or breaks off. One that is cut off goes on in another. */
  run<T>(
    thread: Thread,
    execution: Execution,
    name: string,
    work: (current: () => Thread) => Promise<T>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const invocation: Invocation = {
        thread,
        executionArn: execution.arn,
        name,
        calls: 0,
        failed: false,
        dead: false,
        broken: (error) => {
          if (invocation.dead) this.over(invocation, thread);
          reject(new TaskError(error));
        },
      };
      this.open.add(invocation);
      this.calls.enter(invocation);
      void work(() => invocation.thread).then(
        (value) => {
          this.over(invocation, thread);
          resolve(value);
        },
        (error: unknown) => {
          this.over(invocation, thread);
          if (invocation.failed) execution.faulty = true;
          reject(error instanceof Error ? new TaskError(error.name, error.message) : error);
        },
      );
    });
  }

  private over(invocation: Invocation, thread: Thread): void {
    this.open.delete(invocation);
    if (invocation.thread !== thread) this.threads.end(invocation.thread);
  }
}
