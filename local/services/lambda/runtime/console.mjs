import { format } from 'node:util';

const levels = { log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', debug: 'DEBUG', trace: 'TRACE' };

/**
 * Sends what the function prints to the parent, over the port of the answers, so that a line printed before the
 * answer arrives before it. `console` writes one event a call; writes to stdout and stderr one event a line.
 */
export function captureOutput(send, logFormat) {
  let requestId = 'undefined';
  const streams = [process.stdout, process.stderr].map((stream) => captureStream(stream, send));
  const write = (level, message) => send(formatted(logFormat, requestId, level, message));
  for (const [method, level] of Object.entries(levels))
    console[method] = (...values) => write(level, format(...values));
  return {
    begin: (id) => {
      requestId = id;
    },
    end: () => {
      for (const flush of streams) flush();
    },
    error: (title, error) => {
      for (const flush of streams) flush();
      write('ERROR', `${title} \t${JSON.stringify({ ...error, trace: undefined, stack: error.trace })}`);
    },
  };
}

function formatted(logFormat, requestId, level, message) {
  const timestamp = new Date().toISOString();
  return logFormat === 'JSON'
    ? JSON.stringify({ timestamp, level, requestId, message })
    : `${timestamp}\t${requestId}\t${level}\t${message}`;
}

/** Returns what sends a last line that has no newline. */
function captureStream(stream, send) {
  let rest = '';
  stream.write = (chunk, encoding, callback) => {
    const lines = (rest + text(chunk, encoding)).split('\n');
    rest = lines.pop();
    for (const line of lines) send(line);
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done) queueMicrotask(done);
    return true;
  };
  return () => {
    if (rest !== '') send(rest);
    rest = '';
  };
}

function text(chunk, encoding) {
  if (typeof chunk !== 'string') return Buffer.from(chunk).toString('utf8');
  return typeof encoding === 'string' ? Buffer.from(chunk, encoding).toString('utf8') : chunk;
}
