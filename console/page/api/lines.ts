import type { FailureAnswer } from '../../api.ts';
import { Failure, send } from './client.ts';

/**
 * Asks for an answer that comes line by line, each of them JSON.
 * @throws Failure, also when a line says that it went wrong
 */
export async function* lines<T extends object>(
  path: string,
  body: unknown,
  signal: AbortSignal,
): AsyncGenerator<Exclude<T, FailureAnswer>> {
  const headers = { 'content-type': 'application/json' };
  const response = await send(path, { method: 'POST', body: JSON.stringify(body), headers, signal });
  for await (const text of textLines(response)) {
    const line = JSON.parse(text) as Exclude<T, FailureAnswer> | FailureAnswer;
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
