import { BlockList, isIP } from 'node:net';
import * as z from 'zod';

type Test = (value: unknown) => boolean;

const text = z.string();
const texts = z.union([text.transform((one) => [one]), z.array(text)]);
const caseless = z.strictObject({ 'equals-ignore-case': text });

/** The test of each operator of a pattern on a leaf. `matchSchema` has checked the operator's argument. */
const operators: Readonly<Record<string, (argument: unknown) => Test>> = {
  exists: () => () => true,
  prefix: (argument) => affix(argument, (value, part) => value.startsWith(part)),
  suffix: (argument) => affix(argument, (value, part) => value.endsWith(part)),
  'equals-ignore-case': ignoringCase,
  wildcard,
  numeric,
  cidr,
  'anything-but': anythingBut,
};

/** Whether a leaf (text, number, boolean or null) fulfils one condition of a pattern's list. */
export function passes(condition: unknown, value: unknown): boolean {
  if (typeof condition !== 'object' || condition === null) return value === condition;
  return Object.entries(condition).every(([name, argument]) => operatorNamed(name)(argument)(value));
}

function operatorNamed(name: string): (argument: unknown) => Test {
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (operator) return operator;
  throw new Error(`a pattern has no operator ${name} (known: ${Object.keys(operators).join(', ')})`);
}

const onText =
  (test: (value: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && test(value);

function affix(argument: unknown, has: (value: string, part: string) => boolean): Test {
  const folded = caseless.safeParse(argument);
  if (!folded.success) return onText((value) => has(value, text.parse(argument)));
  const part = folded.data['equals-ignore-case'].toLowerCase();
  return onText((value) => has(value.toLowerCase(), part));
}

function ignoringCase(argument: unknown): Test {
  const wanted = text.parse(argument).toLowerCase();
  return onText((value) => value.toLowerCase() === wanted);
}

function anythingBut(argument: unknown): Test {
  if (typeof argument !== 'object' || argument === null || Array.isArray(argument)) {
    const refused = new Set<unknown>([argument].flat());
    return (value) => !refused.has(value);
  }
  const tests = Object.entries(argument).flatMap(([name, parts]) =>
    texts.parse(parts).map(operatorNamed(name)),
  );
  return (value) => !tests.some((test) => test(value));
}

const comparisons: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

function numeric(argument: unknown): Test {
  const items = z.array(z.union([z.string(), z.number()])).parse(argument);
  return (value) =>
    typeof value === 'number' &&
    items.every((item, at) => typeof item === 'number' || comparisons[item]?.(value, Number(items[at + 1])));
}

function cidr(argument: unknown): Test {
  const [network = '', bits] = text.parse(argument).split('/');
  const version = isIP(network);
  const block = new BlockList();
  block.addSubnet(network, Number(bits), version === 4 ? 'ipv4' : 'ipv6');
  // BlockList takes an IPv4 address for its mapped IPv6 one, EventBridge does not.
  return onText((value) => isIP(value) === version && block.check(value, version === 4 ? 'ipv4' : 'ipv6'));
}

/** Leftmost places are enough between stars, so this takes linear time where a regular expression may not. */
function wildcard(argument: unknown): Test {
  const [first = '', ...between] = literals(text.parse(argument));
  const last = between.pop();
  return onText((value) => {
    if (last === undefined) return value === first;
    if (!value.startsWith(first)) return false;
    let from = first.length;
    for (const part of between) {
      const at = value.indexOf(part, from);
      if (at < 0) return false;
      from = at + part.length;
    }
    return value.length - last.length >= from && value.endsWith(last);
  });
}

/** The pieces between the stars; `\*` and `\\` stand for themselves. */
function literals(pattern: string): string[] {
  const parts = [''];
  for (const [piece] of pattern.matchAll(/\\[*\\]|[^*\\]|\*/gu)) {
    if (piece === '*') parts.push('');
    else parts.push(`${parts.pop() ?? ''}${piece.replace(/^\\/, '')}`);
  }
  return parts;
}
