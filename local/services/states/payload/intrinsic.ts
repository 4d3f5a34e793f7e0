import { unsupported } from '../../../core/aws-error.ts';
import { StateError } from '../state-error.ts';
import { ARGUMENTS, functions } from './functions.ts';
import type { Json } from './json.ts';
import { type Data, find, isJsonPath, shown } from './path.ts';

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

const parsed = new Map<string, Expression>();

/** The data for an expression's evaluation; `source` is the whole expression, for errors. */
type Scope = Data & { readonly source: string };

/**
 * The value of an intrinsic function, `States.Format('{}', $.a)`.
 * @throws StateError States.IntrinsicFailure; States.Runtime for a path that leads nowhere
 */
export function evaluate(source: string, data: Data): Json {
  const expression = parsed.get(source) ?? parseIntrinsic(source);
  parsed.set(source, expression);
  return evaluated(expression, { ...data, source });
}

/** @throws StateError when the source is not one call of an intrinsic function */
export function parseIntrinsic(source: string): Expression {
  const reader = new Reader(source);
  const expression = reader.expression();
  if (expression.kind !== 'call' || !reader.atEnd()) throw reader.failure();
  return expression;
}

// https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html: up to 10 nested
const MOST_NESTED = 10;

/**
 * @throws StateError when the source is not one call of an intrinsic function, or names one that there is not;
 *   UnsupportedOperation for an argument that is not carried out
 */
export function checkIntrinsic(source: string): void {
  const check = (expression: Expression, depth: number): void => {
    if (expression.kind === 'path' && !isJsonPath(expression.path))
      throw new StateError('States.IntrinsicFailure', `${expression.path} is not a JSONPath`);
    if (expression.kind !== 'call') return;
    if (depth > MOST_NESTED)
      throw new StateError(
        'States.IntrinsicFailure',
        `more than ${MOST_NESTED} functions are nested: ${source}`,
      );
    functionNamed(expression.name);
    checkArguments(expression.name, expression.args.length);
    if (expression.name === 'States.MathRandom' && expression.args.length > 2)
      throw unsupported('the seed of States.MathRandom: leave the third argument out');
    for (const arg of expression.args) check(arg, depth + 1);
  };
  check(parseIntrinsic(source), 1);
}

function checkArguments(name: string, count: number): void {
  const [least, most] = ARGUMENTS[name] ?? [0, Number.POSITIVE_INFINITY];
  if (count < least || count > most)
    throw new StateError('States.IntrinsicFailure', `${name} does not take ${count} arguments`);
}

function functionNamed(name: string): (typeof functions)[string] & object {
  const fn = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (fn) return fn;
  throw new StateError('States.IntrinsicFailure', `there is no intrinsic function ${name}`);
}

function evaluated(expression: Expression, scope: Scope): Json {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'text':
      return expression.raw.replaceAll(/\\(.)/g, '$1');
    case 'path':
      return argument(expression.path, scope);
    case 'call':
      return apply(expression.name, expression.args, scope);
  }
}

/** On AWS a missing argument is no failure of the function: https://github.com/floci-io/floci/issues/2870 has the causes. */
function argument(path: string, scope: Scope): Json {
  const value = find(path, scope);
  if (value !== undefined) return value;
  throw new StateError(
    'States.Runtime',
    `the function '${scope.source}' had the following error: the JsonPath argument for the field '${path}' could not be found in the input '${shown(scope.input)}'`,
  );
}

function apply(name: string, args: readonly Expression[], scope: Scope): Json {
  const fn = functionNamed(name);
  const [first] = args;
  const values = args.map((arg) => evaluated(arg, scope));
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
