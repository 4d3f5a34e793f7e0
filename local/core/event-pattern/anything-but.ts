import { invalidPattern } from './invalid.ts';
import { ignoringCase, prefixed, suffixed } from './text.ts';
import { wildcard } from './wildcard.ts';

type Test = (value: unknown) => boolean;

const operators: Readonly<Record<string, (argument: unknown) => Test>> = {
  prefix: prefixed,
  suffix: suffixed,
  'equals-ignore-case': ignoringCase,
  wildcard,
};

/** `{ "anything-but": … }` of a value, a list of them, or a prefix, suffix, wildcard or caseless text. */
export function anythingBut(argument: unknown): Test {
  if (typeof argument === 'object' && argument !== null && !Array.isArray(argument))
    return none(Object.entries(argument));
  const values: unknown[] = [argument].flat();
  if (values.length === 0) throw invalidPattern('Empty arrays are not allowed');
  const [first] = values;
  if (typeof first !== 'string' && typeof first !== 'number')
    throw invalidPattern('Value of anything-but must be an array or single string/number value.');
  if (!values.every((value) => typeof value === typeof first))
    throw invalidPattern(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  const refused = new Set(values);
  return (value) => !refused.has(value);
}

function none(entries: readonly [string, unknown][]): Test {
  const [entry] = entries;
  if (!entry || entries.length > 1) throw invalidPattern('Only one key allowed in match expression');
  const [name, argument] = entry;
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (!operator) throw invalidPattern(`Unsupported anything-but pattern: ${name}`);
  const arguments_: unknown[] = Array.isArray(argument) ? argument : [argument];
  if (arguments_.length === 0) throw invalidPattern('Empty arrays are not allowed');
  // Any text has an empty prefix.
  if (/fix$/.test(name) && arguments_.includes('')) throw invalidPattern('Null prefix/suffix not allowed');
  // Ignoring case is an operator of its own here: a prefix or suffix is a text.
  if (/fix$/.test(name) && arguments_.some((each) => typeof each !== 'string'))
    throw invalidPattern(`anything-but ${name} takes texts`);
  const tests = arguments_.map(operator);
  return (value) => !tests.some((test) => test(value));
}
