import { invalidPattern } from './invalid.ts';

type Test = (value: unknown) => boolean;

/** `{ "prefix": "a" }` or `{ "prefix": { "equals-ignore-case": "a" } }` */
export function prefixed(argument: unknown): Test {
  return affix('prefix', argument, (text, part) => text.startsWith(part));
}

/** `{ "suffix": "a" }` or `{ "suffix": { "equals-ignore-case": "a" } }` */
export function suffixed(argument: unknown): Test {
  return affix('suffix', argument, (text, part) => text.endsWith(part));
}

/** `{ "equals-ignore-case": "a" }` */
export function ignoringCase(argument: unknown): Test {
  const wanted = string('equals-ignore-case', argument).toLowerCase();
  return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
}

function affix(name: string, argument: unknown, has: (text: string, part: string) => boolean): Test {
  const folded = caseless(argument);
  if (folded !== undefined) {
    const part = string(name, folded).toLowerCase();
    return (value) => typeof value === 'string' && has(value.toLowerCase(), part);
  }
  const part = string(name, argument);
  return (value) => typeof value === 'string' && has(value, part);
}

function caseless(argument: unknown): unknown {
  const isObject = typeof argument === 'object' && argument !== null;
  return isObject && 'equals-ignore-case' in argument ? argument['equals-ignore-case'] : undefined;
}

function string(name: string, argument: unknown): string {
  if (typeof argument !== 'string') throw invalidPattern(`${name} match pattern must be a string`);
  return argument;
}
