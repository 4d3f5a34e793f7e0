/**
 * Runs inside a function's worker thread, as Lambda's own runtime does inside its sandbox. Plain JavaScript: the
 * worker starts without the loader of the process around it.
 *
 * Messages to the parent: ready, failed (at load), log, result, error, fatal (the worker ends).
 */
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { captureOutput } from './console.mjs';
import { contextOf } from './context.mjs';
import { describeError } from './errors.mjs';
import { loadHandler } from './load.mjs';

// Exit codes of Lambda's Node.js runtime.
const UNHANDLED_REJECTION = 128;
const UNCAUGHT_EXCEPTION = 129;

const send = (message) => parentPort.postMessage(message);
const output = captureOutput((text) => send({ type: 'log', text }), workerData.logFormat);

process.on('uncaughtException', (error) => die(describeError(error), UNCAUGHT_EXCEPTION));
process.on('unhandledRejection', (error) => {
  const { errorMessage, errorType, trace } = describeError(error);
  const message = `${errorType}: ${errorMessage}`;
  die({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: message, trace }, UNHANDLED_REJECTION);
});

function die(error, code) {
  output.error('Uncaught Exception', error);
  send({ type: 'fatal', error });
  process.exit(code);
}

try {
  const handler = await loadHandler(workerData.root, workerData.handler);
  parentPort.on('message', (invocation) => invoke(handler, invocation));
  send({ type: 'ready' });
} catch (cause) {
  const error = describeError(cause);
  output.error('Uncaught Exception', error);
  send({ type: 'failed', error });
}

async function invoke(handler, invocation) {
  output.begin(invocation.requestId);
  const answer = await call(handler, invocation).then(
    (payload) => ({ type: 'result', payload }),
    (cause) => ({ type: 'error', error: describeError(cause) }),
  );
  if (answer.type === 'error') output.error('Invoke Error', answer.error);
  output.end();
  send({ ...answer, memory: getHeapStatistics().used_heap_size });
}

async function call(handler, invocation) {
  const result = await settled(handler, JSON.parse(invocation.payload), contextOf(invocation, workerData));
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (cause) {
    const error = new Error(`Unable to stringify response body: ${cause.message}`, { cause });
    error.name = 'Runtime.MarshalError';
    throw error;
  }
}

/** A handler answers with a promise, or by the callback; a plain value of one without a callback is not an answer. */
function settled(handler, event, context) {
  return new Promise((resolve, reject) => {
    const returned = handler(event, context, (error, value) => (error ? reject(error) : resolve(value)));
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
    else if (handler.length < 3) resolve(null);
  });
}
