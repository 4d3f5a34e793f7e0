import { Compile, parse } from 'velocityjs';

type Expression = Parameters<Compile['getExpression']>[0];
type Reference = Parameters<Compile['getReferences']>[0];
type Block = Parameters<Compile['getBlock']>[0];
type Loop = Extract<Block[number], { readonly from: unknown }>;

// Those of a stack's templates are some dozens; `#evaluate` may bring others.
const MOST_PARSED = 1000;
const inQuotes = new Map<string, ReturnType<typeof parse>>();

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
const MOST_ITERATIONS = 1000;
// The variable of what a loop goes through. No template can name one so.
const ITEMS = 'items of the loop';
const FROM_ITEMS: Omit<Loop['from'], 'pos'> = {
  type: 'references',
  id: ITEMS,
  leader: '$',
  prue: false,
  isWraped: false,
  value: undefined,
};

/** Velocity as API Gateway runs it, where velocityjs compares and writes as JavaScript does: an empty text is not 0 there, and "0" is. */
export class Velocity extends Compile {
  // @ts-expect-error: the package's type calls every expression a text, a comparison and a sum among them
  override getExpression(expression: Expression): unknown {
    if (expression.type === 'math' && ['==', '!='].includes(expression.operator)) {
      const [left, right] = expression.expression.map((each: Expression) => this.getExpression(each));
      return areEqual(left, right) === (expression.operator === '==');
    }
    return super.getExpression(expression);
  }

  // @ts-expect-error: the package's type calls every value a text
  override getReferences(reference: Reference, isWritten?: boolean): unknown {
    const value: unknown = super.getReferences(reference, isWritten);
    return isWritten ? textOf(value) : value;
  }

  /** A loop ends in silence after the last iteration that API Gateway makes of it. */
  override getBlock(block: Block): string {
    const [loop, ...body] = block;
    if (!isLoop(loop)) return super.getBlock(block);
    this.context[ITEMS] = firstOf(this.getLiteral(loop.from));
    return super.getBlock([{ ...loop, from: { ...FROM_ITEMS, pos: loop.pos } }, ...body]);
  }

  /** A text in double quotes is a template too, which velocityjs parses each time. */
  override evalStr(text: string): string {
    const asts = inQuotes.get(text) ?? parse(text);
    if (inQuotes.size >= MOST_PARSED) inQuotes.clear();
    inQuotes.set(text, asts);
    return this.renderAstList(asts, this.contextId);
  }
}

const isLoop = (node: Block[number] | undefined): node is Loop => node?.type === 'foreach';

/** What a loop goes through: of a map, its values. */
function firstOf(items: unknown): unknown {
  const isMap = typeof items === 'object' && items !== null && !Array.isArray(items);
  const list: unknown = isMap ? Object.values(items) : items;
  return Array.isArray(list) ? list.slice(0, MOST_ITERATIONS) : list;
}

/** As Velocity 1.7 compares what is not of one class: by the texts that they make. */
function areEqual(left: unknown, right: unknown): boolean {
  if (left === undefined || left === null || right === undefined || right === null)
    return (left ?? null) === (right ?? null);
  return textOf(left) === textOf(right);
}

/** As Java writes a list and a map, of which no member is asked for a text of its own: the names of a payload's are its sender's. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${name}=${textOf(member)}`)
    .join(', ')}}`;
}
