// Starts programs for the git host: a program's standard input is a request's body, its output the answer's body, and
// how it ended a trailer. Plain JavaScript, for a small process that is there at once.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { constants } from 'node:os';
import { dirname } from 'node:path';

const [, , socket, maxHeader] = process.argv;
const MAX_STDERR = 16 * 1024;
const running = new Map();

const decoded = (text) => JSON.parse(Buffer.from(text, 'base64').toString());
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64');

function start(id, request, response) {
  const { file, args, env, cwd } = decoded(request.headers.program);
  response.flushHeaders();
  let child;
  try {
    child = spawn(file, args, { env, cwd, stdio: 'pipe' });
  } catch (error) {
    // Of arguments that no program can have, such as a NUL. The other programs go on.
    request.resume();
    return end(response, 127, error.message);
  }
  running.set(id, child);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr = `${stderr}${chunk}`.slice(-MAX_STDERR);
  });
  child.on('error', (error) => {
    stderr += error.message;
  });
  // A program that has read enough closes its input, with an error or without one. The rest of the body is read all the
  // same: the connection has the next program's request behind it.
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  // After the pipe's own listener, which pauses what has nowhere to go.
  child.stdin.once('close', () => request.resume());
  request.once('close', () => child.stdin.end());
  child.stdout.pipe(response, { end: false });
  child.on('close', (code, signal) => {
    running.delete(id);
    // as a shell has it
    const status = signal ? 128 + constants.signals[signal] : code < 0 ? 127 : code;
    end(response, status, stderr);
  });
}

function end(response, status, stderr) {
  response.addTrailers({ ended: encoded({ status, stderr }) });
  response.end();
}

function stop() {
  for (const child of running.values()) child.kill('SIGTERM');
  rmSync(dirname(socket), { recursive: true, force: true });
  process.exit();
}

const server = createServer({ maxHeaderSize: Number(maxHeader) }, (request, response) => {
  const id = request.url;
  if (request.method === 'POST') return start(id, request, response);
  running.get(id)?.kill('SIGTERM');
  return response.end();
});
server.requestTimeout = 0;
server.keepAliveTimeout = 0;
server.listen(socket, () => process.stdout.write('ready'));
// The git host has ended, whichever way.
process.stdin.on('close', stop).resume();
