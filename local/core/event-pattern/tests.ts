import { anythingBut } from './anything-but.ts';
import { cidr } from './cidr.ts';
import { invalidPattern } from './invalid.ts';
import { numeric } from './numeric.ts';
import { ignoringCase, prefixed, suffixed } from './text.ts';
import { wildcard } from './wildcard.ts';

/** Whether a leaf of the event (string, number, boolean or null) is what the pattern wants. */
export type Test = (value: unknown) => boolean;

const operators: Readonly<Record<string, (argument: unknown) => Test | 'absent'>> = {
  prefix: prefixed,
  suffix: suffixed,
  'equals-ignore-case': ignoringCase,
  wildcard,
  'anything-but': anythingBut,
  numeric,
  cidr,
  exists,
};

/**
 * One item of a leaf's list.
 * @returns `absent` for `{ "exists": false }`, which no value can answer
 */
export function testOf(item: unknown): Test | 'absent' {
  if (typeof item !== 'object' || item === null) return (value) => value === item;
  const entries = Array.isArray(item) ? [] : Object.entries(item);
  const [entry] = entries;
  if (!entry) throw invalidPattern('Match value must be String, number, true, false, or null');
  if (entries.length > 1) throw invalidPattern('Only one key allowed in match expression');
  const [name, argument] = entry;
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (!operator) throw invalidPattern(`Unrecognized match type ${name}`);
  return operator(argument);
}

function exists(argument: unknown): Test | 'absent' {
  if (typeof argument !== 'boolean')
    throw invalidPattern('exists match pattern must be either true or false.');
  return argument ? () => true : 'absent';
}
