import type { Readable } from 'node:stream';

// A line of output that never ends is cut, as it must not fill the memory. What is kept back of it is longer than the
// shell's own mark, which is thus never cut in two.
const MAX_LINE = 65_536;
const KEPT_BACK = 256;

/** The lines of a stream of UTF-8, without their ends; a last one without an end too. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield* cut(line);
    while (rest.length > MAX_LINE + KEPT_BACK) {
      yield rest.slice(0, MAX_LINE);
      rest = rest.slice(MAX_LINE);
    }
  }
  if (rest !== '') yield* cut(rest);
}

function* cut(line: string): Generator<string> {
  let rest = line;
  while (rest.length > MAX_LINE + KEPT_BACK) {
    yield rest.slice(0, MAX_LINE);
    rest = rest.slice(MAX_LINE);
  }
  yield rest;
}
