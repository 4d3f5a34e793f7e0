import { Compile } from 'velocityjs';

type Expression = Parameters<Compile['getExpression']>[0];

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
}

/** As Velocity 1.7 compares what is not of one class: by the texts that they make. */
function areEqual(left: unknown, right: unknown): boolean {
  if (left === undefined || left === null || right === undefined || right === null)
    return (left ?? null) === (right ?? null);
  return String(left) === String(right);
}
