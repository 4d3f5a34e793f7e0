import type { LambdaFunction } from './function.ts';

export interface Measured {
  readonly requestId: string;
  /** milliseconds */
  readonly duration: number;
  /** milliseconds, at the first invocation of a worker */
  readonly init?: number | undefined;
  /** bytes of the worker's heap */
  readonly memory: number;
}

/** The lines with which Lambda frames an invocation in the log, in the function's log format. */
export function startLine(fn: LambdaFunction, requestId: string): string {
  return fn.logFormat === 'JSON'
    ? platform('start', { requestId, version: '$LATEST' })
    : `START RequestId: ${requestId} Version: $LATEST`;
}

export function endLines(fn: LambdaFunction, measured: Measured): string[] {
  return fn.logFormat === 'JSON'
    ? [jsonReport(fn, measured)]
    : [`END RequestId: ${measured.requestId}`, textReport(fn, measured)];
}

function textReport(fn: LambdaFunction, { requestId, duration, init, memory }: Measured): string {
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(duration)} ms`,
    `Memory Size: ${fn.memoryMegabytes} MB`,
    `Max Memory Used: ${megabytes(memory)} MB`,
  ];
  return [...parts, ...(init === undefined ? [] : [`Init Duration: ${init.toFixed(2)} ms`])].join('\t');
}

function jsonReport(fn: LambdaFunction, { requestId, duration, init, memory }: Measured): string {
  const metrics = {
    durationMs: duration,
    billedDurationMs: Math.ceil(duration),
    memorySizeMB: fn.memoryMegabytes,
    maxMemoryUsedMB: megabytes(memory),
    ...(init !== undefined && { initDurationMs: init }),
  };
  return platform('report', { requestId, metrics });
}

function platform(type: string, record: object): string {
  return JSON.stringify({ time: new Date().toISOString(), type: `platform.${type}`, record });
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / (1024 * 1024));
}
