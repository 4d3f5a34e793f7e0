import type { FailureAnswer } from '../../api.ts';
import { Failure, send } from './client.ts';
import { read } from './read.ts';

/**
 * Sends a request whose answer comes line by line, each line JSON.
 * @throws Failure, also for a line that reports a failure
 */
export async function* lines<T extends object>(
  path: string,
  body: unknown,
  signal: AbortSignal,
): AsyncGenerator<Exclude<T, FailureAnswer>> {
  const headers = { 'content-type': 'application/json' };
  const response = await send(path, { method: 'POST', body: JSON.stringify(body), headers, signal });
  for await (const text of textLines(response)) {
    const line = read<Exclude<T, FailureAnswer> | FailureAnswer>(text);
    if ('message' in line) throw new Failure(line.message, response.status);
    yield line;
  }
}

async function* textLines({ body }: Response): AsyncGenerator<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    const parts = (rest + read.value).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}
