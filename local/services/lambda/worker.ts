import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { exited, type Failure, timedOut } from './failure.ts';

/** One call of the handler. */
export interface Invocation {
  readonly requestId: string;
  /** JSON */
  readonly payload: string;
  readonly arn: string;
  /** milliseconds since 1970 */
  readonly deadline: number;
  readonly timeoutSeconds: number;
  readonly clientContext?: string | undefined;
}

export type Outcome = ({ readonly payload: string } | { readonly failure: Failure }) & {
  readonly memory: number;
};

/** A worker thread with a function loaded in it. */
export interface FunctionWorker {
  /** resolves when the function is loaded, with the failure if it could not be */
  readonly loaded: Promise<Failure | undefined>;
  /** one at a time */
  invoke(invocation: Invocation): Promise<Outcome>;
  /** whether it can take another invocation */
  usable(): boolean;
  end(): Promise<void>;
}

export interface WorkerOptions {
  readonly environment: Record<string, string>;
  readonly memoryMegabytes: number;
  /** the bootstrap's parameters (`workerData`) */
  readonly data: object;
  log(line: string): void;
}

const failure = z.object({
  errorType: z.string(),
  errorMessage: z.string(),
  trace: z.array(z.string()).optional(),
});

const message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('failed'), error: failure }),
  z.object({ type: z.literal('fatal'), error: failure }),
  z.object({ type: z.literal('log'), text: z.string() }),
  z.object({ type: z.literal('result'), payload: z.string(), memory: z.number() }),
  z.object({ type: z.literal('error'), error: failure, memory: z.number() }),
]);

// What an invocation leaves behind is a few megabytes. By default each worker of a flood would keep 48 MB for it. With 32 in
// place of 12, executions end a seventh faster, and a flood of ten minutes takes more than 600 MB.
const YOUNG_MEGABYTES = 12;

/** Starts a worker that loads the function at once. */
export function startWorker(options: WorkerOptions): FunctionWorker {
  const state = new WorkerState(options);
  return {
    loaded: state.loaded.promise,
    invoke: (invocation) => state.invoke(invocation),
    usable: () => state.alive,
    end: () => state.end(),
  };
}

class WorkerState {
  readonly loaded = Promise.withResolvers<Failure | undefined>();
  alive = true;
  #worker: Worker;
  #current: { invocation: Invocation; settle: (outcome: Outcome) => void } | undefined;
  #fatal: Failure | undefined;
  #exit = 'exit status 1';

  constructor({ environment, memoryMegabytes, data, log }: WorkerOptions) {
    this.#worker = new Worker(new URL('./runtime/bootstrap.mjs', import.meta.url), {
      env: environment,
      // Not the loaders of the process around it: the bundle runs as it would on Lambda.
      execArgv: [],
      workerData: data,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes, maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
    });
    this.#worker.on('message', (value) => this.#take(message.parse(value), log));
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      this.#exit = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'signal: killed' : String(error);
    });
    this.#worker.on('exit', (code) => this.#ended(code));
    // What Node itself prints in the worker, such as warnings, comes past the bootstrap's capture.
    for (const stream of [this.#worker.stdout, this.#worker.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => text.split('\n').forEach(log));
  }

  invoke(invocation: Invocation): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const { timeoutSeconds, requestId } = invocation;
    const timer = setTimeout(() => {
      this.#settle({ failure: timedOut(requestId, timeoutSeconds), memory: 0 });
      void this.end();
    }, timeoutSeconds * 1000);
    this.#current = {
      invocation,
      settle: (outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      },
    };
    if (this.alive) this.#worker.postMessage(invocation);
    else this.#crashed();
    return promise;
  }

  async end(): Promise<void> {
    this.alive = false;
    await this.#worker.terminate();
  }

  #take(received: z.infer<typeof message>, log: (line: string) => void): void {
    switch (received.type) {
      case 'log':
        log(received.text);
        break;
      case 'ready':
        this.loaded.resolve(undefined);
        break;
      case 'result':
        this.#settle(received);
        break;
      case 'error':
        this.#settle({ failure: received.error, memory: received.memory });
        break;
      default:
        this.alive = false;
        this.#fatal = received.error;
        this.loaded.resolve(received.error);
    }
  }

  #ended(code: number): void {
    this.alive = false;
    if (code !== 1) this.#exit = `exit status ${code}`;
    this.loaded.resolve(this.#fatal ?? exited('', this.#exit));
    this.#crashed();
  }

  #crashed(): void {
    const requestId = this.#current?.invocation.requestId ?? '';
    this.#settle({ failure: this.#fatal ?? exited(requestId, this.#exit), memory: 0 });
  }

  #settle(outcome: Outcome): void {
    this.#current?.settle(outcome);
    this.#current = undefined;
  }
}
