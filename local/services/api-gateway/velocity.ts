import { Compile, parse } from 'velocityjs';

type Expression = Parameters<Compile['getExpression']>[0];

// Those of a stack's templates are some dozens; `#evaluate` may bring others.
const MOST_PARSED = 1000;
const inQuotes = new Map<string, ReturnType<typeof parse>>();

/** Velocity, where velocityjs compares as JavaScript does: an empty text is not 0 there, and "0" is. */
export class Velocity extends Compile {
  // @ts-expect-error: the package's type calls every expression a text, a comparison and a sum among them
  override getExpression(expression: Expression): unknown {
    if (expression.type === 'math' && ['==', '!='].includes(expression.operator)) {
      const [left, right] = expression.expression.map((each: Expression) => this.getExpression(each));
      return areEqual(left, right) === (expression.operator === '==');
    }
    return super.getExpression(expression);
  }

  /** A text in double quotes is a template too, which velocityjs parses each time. */
  override evalStr(text: string): string {
    const asts = inQuotes.get(text) ?? parse(text);
    if (inQuotes.size >= MOST_PARSED) inQuotes.clear();
    inQuotes.set(text, asts);
    return this.renderAstList(asts, this.contextId);
  }
}

/** As Velocity 1.7 compares what is not of one class: by the texts that they make. */
function areEqual(left: unknown, right: unknown): boolean {
  if (left === undefined || left === null || right === undefined || right === null)
    return (left ?? null) === (right ?? null);
  return String(left) === String(right);
}
