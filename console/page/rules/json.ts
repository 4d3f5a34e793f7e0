/** The place at which a text stops being JSON, and the expected token. */
export interface JsonProblem {
  readonly message: string;
  /** from 0 */
  readonly offset: number;
  /** from 1 */
  readonly line: number;
  readonly column: number;
}

type ReadResult = { readonly value: unknown } | { readonly problem: JsonProblem };

/** Reads JSON and says where the text is wrong. The errors of `JSON.parse` differ from browser to browser. */
export function readJson(text: string): ReadResult {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const { offset, expected } = firstSyntaxProblem(text);
    const before = text.slice(0, offset).split('\n');
    const read = offset === text.length ? 'the text ends' : `${JSON.stringify(text[offset])} stands`;
    return {
      problem: {
        message: expected ? `${read} where ${expected} is expected` : String(error),
        offset,
        line: before.length,
        column: (before.at(-1)?.length ?? 0) + 1,
      },
    };
  }
}

const SPACE = /[ \t\r\n]*/y;
const PLAIN = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const TEXT = /"(?:[^"\\\p{Cc}]+|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/uy;

class SyntaxProblem {
  constructor(
    readonly offset: number,
    readonly expected: string,
  ) {}
}

/** Follows the grammar of RFC 8259 to the first error. */
function firstSyntaxProblem(text: string): SyntaxProblem {
  try {
    const end = valueEnd(text, 0);
    return new SyntaxProblem(end, end < text.length ? 'the end' : '');
  } catch (error) {
    if (error instanceof SyntaxProblem) return error;
    throw error;
  }
}

/** The end of a pattern's match at an offset; undefined without a match. */
function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

const spaceEnd = (text: string, at: number): number => match(SPACE, text, at) ?? at;

/**
 * The functions below read one element of the grammar: each takes the element's offset and gives the offset behind it.
 * @throws SyntaxProblem
 */
function valueEnd(text: string, from: number): number {
  const at = spaceEnd(text, from);
  if (text[at] === '{') return membersEnd(text, at, '}', memberEnd);
  if (text[at] === '[') return membersEnd(text, at, ']', valueEnd);
  if (text[at] === '"') return textEnd(text, at);
  const end = match(PLAIN, text, at);
  if (end === undefined) throw new SyntaxProblem(at, 'a value');
  return spaceEnd(text, end);
}

function membersEnd(text: string, from: number, close: '}' | ']', end: typeof valueEnd): number {
  let at = spaceEnd(text, from + 1);
  if (text[at] === close) return spaceEnd(text, at + 1);
  for (;;) {
    at = end(text, at);
    if (text[at] === close) return spaceEnd(text, at + 1);
    if (text[at] !== ',') throw new SyntaxProblem(at, `a comma or ${close}`);
    at += 1;
  }
}

function memberEnd(text: string, from: number): number {
  const at = spaceEnd(text, from);
  if (text[at] !== '"') throw new SyntaxProblem(at, 'a name in double quotes');
  const colon = textEnd(text, at);
  if (text[colon] !== ':') throw new SyntaxProblem(colon, 'a colon');
  return valueEnd(text, colon + 1);
}

function textEnd(text: string, from: number): number {
  const at = match(TEXT, text, from) ?? from;
  if (text[at] !== '"')
    throw new SyntaxProblem(at, text[at] === '\\' ? 'an escape of JSON' : 'a closing double quote');
  return spaceEnd(text, at + 1);
}
