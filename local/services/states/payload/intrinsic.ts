import { StateError } from '../state-error.ts';
import { functions } from './functions.ts';
import type { Json } from './json.ts';
import { type Data, read } from './path.ts';

/** An argument as it is written: a literal keeps its escapes, because States.Format reads them itself. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'text'; readonly raw: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

const TEXT = /'((?:[^'\\]|\\.)*)'/y;
const NAME = /States\.\w+/y;
const LITERAL = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
// A path ends at the first comma or parenthesis outside brackets and quotes.
const PATH = /\$(?:\[(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\]'"])*\]|[^,()[\]\s])*/y;
const SPACE = /\s*/y;

const known = new Map<string, Expression>();

/**
 * The value of an intrinsic function, `States.Format('{}', $.a)`.
 * @throws StateError States.IntrinsicFailure
 */
export function evaluate(source: string, data: Data): Json {
  const expression = known.get(source) ?? parseIntrinsic(source);
  known.set(source, expression);
  return evaluated(expression, data);
}

/** @throws StateError when the source is not one call of an intrinsic function */
export function parseIntrinsic(source: string): Expression {
  const reader = new Reader(source);
  const expression = reader.expression();
  if (expression.kind !== 'call' || !reader.atEnd()) throw reader.failure();
  return expression;
}

function evaluated(expression: Expression, data: Data): Json {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'text':
      return expression.raw.replaceAll(/\\(.)/g, '$1');
    case 'path':
      return read(expression.path, data, expression.path, 'States.IntrinsicFailure');
    case 'call':
      return apply(expression.name, expression.args, data);
  }
}

function apply(name: string, args: readonly Expression[], data: Data): Json {
  const fn = functions[name];
  if (!fn) throw new StateError('States.IntrinsicFailure', `there is no intrinsic function ${name}`);
  const [first] = args;
  const values = args.map((arg) => evaluated(arg, data));
  if (name === 'States.Format' && first?.kind === 'text') values[0] = first.raw;
  return fn(values, name);
}

class Reader {
  private at = 0;
  constructor(private readonly source: string) {}

  expression(): Expression {
    const text = this.take(TEXT);
    if (text) return { kind: 'text', raw: text[1] ?? '' };
    const path = this.take(PATH);
    if (path) return { kind: 'path', path: path[0] };
    const name = this.take(NAME);
    if (name) return { kind: 'call', name: name[0], args: this.arguments() };
    const literal = this.take(LITERAL);
    if (literal) return { kind: 'literal', value: JSON.parse(literal[0]) };
    throw this.failure();
  }

  atEnd(): boolean {
    this.take(SPACE);
    return this.at === this.source.length;
  }

  failure(): StateError {
    return new StateError(
      'States.IntrinsicFailure',
      `invalid intrinsic function at character ${this.at}: ${this.source}`,
    );
  }

  private arguments(): Expression[] {
    this.expect('(');
    const args: Expression[] = [];
    if (this.accept(')')) return args;
    do args.push(this.expression());
    while (this.accept(','));
    this.expect(')');
    return args;
  }

  private expect(sign: string): void {
    if (!this.accept(sign)) throw this.failure();
  }

  private accept(sign: string): boolean {
    this.take(SPACE);
    if (this.source[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    if (pattern !== SPACE) this.take(SPACE);
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match) this.at = pattern.lastIndex;
    return match;
  }
}
