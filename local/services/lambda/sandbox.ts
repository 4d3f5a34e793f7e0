import { performance } from 'node:perf_hooks';
import type { Cloud } from '../../core/cloud.ts';
import { environmentOf } from './environment.ts';
import type { LambdaFunction } from './function.ts';
import { type LogStream, logStream } from './log-stream.ts';
import type { Pooled } from './pool.ts';
import { endLines, startLine } from './report.ts';
import { type FunctionWorker, type Invocation, type Outcome, startWorker } from './worker.ts';

/** One execution environment of a function: its worker and its log stream. */
export interface Sandbox extends Pooled {
  invoke(invocation: Omit<Invocation, 'deadline'>): Promise<Outcome>;
}

/** Runs the function in one of its sandboxes. */
export type RunInvocation = (
  fn: LambdaFunction,
  request: Pick<Invocation, 'requestId' | 'payload' | 'clientContext'>,
) => Promise<Outcome>;

export function createSandbox(cloud: Cloud, fn: LambdaFunction): Sandbox {
  const log = logStream(cloud, fn);
  const started = performance.now();
  const worker = startWorker({
    environment: environmentOf(cloud, fn, log.name),
    memoryMegabytes: fn.memoryMegabytes,
    data: {
      root: fn.root,
      handler: fn.handler,
      name: fn.name,
      memory: fn.memoryMegabytes,
      logGroup: fn.logGroup,
      logStream: log.name,
      logFormat: fn.logFormat,
    },
    log: log.write,
  });
  let init: Promise<number> | undefined = worker.loaded.then(() => performance.now() - started);
  return {
    usable: worker.usable,
    end: async () => {
      await worker.end();
      await log.flush();
    },
    invoke: (invocation) => {
      const first = init;
      init = undefined;
      return invokeLogged(fn, log, worker, invocation, first);
    },
  };
}

async function invokeLogged(
  fn: LambdaFunction,
  log: LogStream,
  worker: FunctionWorker,
  invocation: Omit<Invocation, 'deadline'>,
  init: Promise<number> | undefined,
): Promise<Outcome> {
  const { requestId, timeoutSeconds } = invocation;
  const failed = await worker.loaded;
  log.write(startLine(fn, requestId));
  const from = performance.now();
  const outcome: Outcome = failed
    ? { failure: failed, memory: 0 }
    : await worker.invoke({ ...invocation, deadline: Date.now() + timeoutSeconds * 1000 });
  if ('failure' in outcome && outcome.failure.errorType === 'Sandbox.Timedout')
    log.write(
      `${new Date().toISOString()} ${outcome.failure.errorMessage.replace(/^RequestId: (\S+) Error:/, '$1')}`,
    );
  const duration = performance.now() - from;
  for (const line of endLines(fn, { requestId, duration, init: await init, memory: outcome.memory }))
    log.write(line);
  return outcome;
}
