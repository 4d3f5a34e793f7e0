import { createHash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { StateError } from '../state-error.ts';
import { type Json, jsonSchema as json, objectSchema as object } from './json.ts';

type Intrinsic = (args: readonly Json[], name: string) => Json;

const list = z.array(json);
const integer = z.number().int();
// Step Functions rounds a number that should be whole.
const rounded = z.number().transform(Math.round);
// https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html: what is encoded, decoded or hashed
const MAX_CHARACTERS = 10_000;
const limited = z.string().max(MAX_CHARACTERS);

/** How many arguments an intrinsic function takes, at least and at most. */
export const ARGUMENTS: Readonly<Record<string, readonly [number, number]>> = {
  'States.Format': [1, Number.POSITIVE_INFINITY],
  'States.StringToJson': [1, 1],
  'States.JsonToString': [1, 1],
  'States.Array': [0, Number.POSITIVE_INFINITY],
  'States.ArrayPartition': [2, 2],
  'States.ArrayContains': [2, 2],
  'States.ArrayRange': [3, 3],
  'States.ArrayGetItem': [2, 2],
  'States.ArrayLength': [1, 1],
  'States.ArrayUnique': [1, 1],
  'States.Base64Encode': [1, 1],
  'States.Base64Decode': [1, 1],
  'States.Hash': [2, 2],
  'States.JsonMerge': [3, 3],
  'States.MathRandom': [2, 3],
  'States.MathAdd': [2, 2],
  'States.StringSplit': [2, 2],
  'States.UUID': [0, 0],
};

/** The intrinsic functions: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
export const functions: Readonly<Record<string, Intrinsic>> = {
  'States.Format': intrinsic(z.tuple([z.string()], json), ([template, ...values]) =>
    format(template, values),
  ),
  'States.StringToJson': intrinsic(z.tuple([z.string()]), ([text]) =>
    text === '' ? null : JSON.parse(text),
  ),
  'States.JsonToString': intrinsic(z.tuple([json]), ([value]) => JSON.stringify(value)),
  'States.Array': (args) => [...args],
  'States.ArrayPartition': intrinsic(z.tuple([list, rounded.pipe(integer.positive())]), ([items, size]) =>
    Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size)),
  ),
  'States.ArrayContains': intrinsic(z.tuple([list, json]), ([items, item]) =>
    items.some((each) => isDeepStrictEqual(each, item)),
  ),
  'States.ArrayRange': intrinsic(z.tuple([rounded, rounded, rounded]), ([first, last, step]) =>
    range(first, last, step),
  ),
  'States.ArrayGetItem': intrinsic(z.tuple([list, integer.min(0)]), ([items, index]) => item(items, index)),
  'States.ArrayLength': intrinsic(z.tuple([list]), ([items]) => items.length),
  'States.ArrayUnique': intrinsic(z.tuple([list]), ([items]) =>
    items.filter((each, i) => items.findIndex((other) => isDeepStrictEqual(other, each)) === i),
  ),
  'States.Base64Encode': intrinsic(z.tuple([limited]), ([text]) => Buffer.from(text).toString('base64')),
  'States.Base64Decode': intrinsic(z.tuple([limited]), ([text]) => Buffer.from(text, 'base64').toString()),
  'States.Hash': intrinsic(
    z.tuple([json, z.enum(['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'])]),
    ([data, algorithm]) =>
      createHash(algorithm.replace('-', ''))
        .update(limited.parse(typeof data === 'string' ? data : JSON.stringify(data)))
        .digest('hex'),
  ),
  // Deep merging is refused by AWS too: the third argument must be false.
  'States.JsonMerge': intrinsic(z.tuple([object, object, z.literal(false)]), ([a, b]) => ({ ...a, ...b })),
  'States.MathRandom': intrinsic(
    z.tuple([rounded, rounded]),
    ([from, to]) => from + Math.floor(Math.random() * (to - from)),
  ),
  'States.MathAdd': intrinsic(z.tuple([rounded, rounded]), ([a, b]) => a + b),
  'States.StringSplit': intrinsic(z.tuple([z.string(), z.string()]), ([text, marks]) => split(text, marks)),
  'States.UUID': intrinsic(z.tuple([]), () => randomUUID()),
};

function intrinsic<T extends z.ZodType>(schema: T, apply: (args: z.infer<T>) => Json): Intrinsic {
  return (args, name) => {
    try {
      return apply(schema.parse(args));
    } catch (error) {
      const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      throw new StateError('States.IntrinsicFailure', `${name} failed: ${reason}`, { cause: error });
    }
  };
}

function format(template: string, values: Json[]): string {
  const rest = [...values];
  const text = template.replaceAll(/\\(.)|\{\}/g, (_, escaped?: string) => {
    if (escaped !== undefined) return escaped;
    const value = rest.shift();
    if (value === undefined) throw new Error(`${template} has more places than there are arguments`);
    return formatted(value);
  });
  if (rest.length > 0) throw new Error(`${template} has fewer places than there are arguments`);
  return text;
}

/** A value as Step Functions prints it: lists and objects as Java does, `[1, {a=b}]`. */
function formatted(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(formatted).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${name}=${formatted(member)}`)
    .join(', ')}}`;
}

// https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html: up to 1,000 elements
const MAX_RANGE = 1000;

function range(first: number, last: number, step: number): number[] {
  const length = Math.floor((last - first) / step) + 1;
  if (step === 0 || length > MAX_RANGE)
    throw new Error(`a range from ${first} to ${last} by ${step} has not 1 to ${MAX_RANGE} elements`);
  return Array.from({ length: Math.max(0, length) }, (_, i) => first + i * step);
}

function item(items: Json[], index: number): Json {
  const found = items[index];
  if (found === undefined) throw new Error(`the index ${index} is outside an array of ${items.length}`);
  return found;
}

/** Every character of `marks` parts the text; empty parts are left out. */
function split(text: string, marks: string): string[] {
  let part = '';
  const parts: string[] = [];
  for (const sign of text) {
    if (!marks.includes(sign)) part += sign;
    else {
      parts.push(part);
      part = '';
    }
  }
  return [...parts, part].filter((each) => each !== '');
}
