import * as z from 'zod';
import { invalidDefinition } from '../definition/invalid.ts';
import { isObject, type Json } from '../payload/json.ts';
import { camelKeys } from './keys.ts';

interface Problem {
  readonly says: string;
  /** of the member */
  readonly path: string;
  readonly why?: string;
}

/**
 * Holds the Parameters of a task, as they stand in the definition, against the input of what carries it out: their
 * names, those that must be there, and each value that no path gives.
 * @param of as the error calls the task: `sqs:SendMessage`
 * @param camel whether the input's own members are in camelCase, which a definition has in PascalCase
 * @throws AwsError InvalidDefinition
 */
export function checkMembers(schema: z.ZodType, parameters: Json, of: string, camel = false): void {
  const given = camel ? camelKeys(parameters) : parameters;
  if (!isObject(given)) throw invalidDefinition(`the Parameters of ${of} are no object`);
  const problem = problemOf(schema, given, '');
  if (!problem) return;
  const { says, why } = problem;
  const path = problem.path.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]');
  const written = camel ? path.replaceAll(/(?<=^|\.)[a-z]/g, (sign) => sign.toUpperCase()) : path;
  throw invalidDefinition(`${of} ${says} ${written}${why === undefined ? '' : `: ${why}`}`);
}

const FROM_PATH = /\.\$$/;

function problemOf(schema: z.ZodType, value: Json, path: string): Problem | undefined {
  if (!hasPath(value)) return staticProblem(schema, value, path);
  const inner = innermost(schema);
  if (Array.isArray(value) && inner instanceof z.ZodArray) {
    const element = inner.element as z.ZodType;
    return first(value, (each, index) => problemOf(element, each, `${path}[${index}]`));
  }
  return isObject(value) && inner instanceof z.ZodObject
    ? memberProblem(inner.shape, value, path)
    : undefined;
}

function memberProblem(
  shape: Readonly<Record<string, z.ZodType>>,
  value: Readonly<Record<string, Json>>,
  path: string,
): Problem | undefined {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const names = new Set(Object.keys(value).map((name) => name.replace(FROM_PATH, '')));
  const missing = Object.entries(shape).find(
    ([name, member]) => !names.has(name) && !member.safeParse(undefined).success,
  );
  if (missing) return { says: 'needs', path: at(missing[0]) };
  return first(Object.entries(value), ([name, given]) => {
    const plain = name.replace(FROM_PATH, '');
    const member = Object.hasOwn(shape, plain) ? shape[plain] : undefined;
    if (!member) return { says: 'has no parameter', path: at(plain) };
    return FROM_PATH.test(name) ? undefined : problemOf(member, given, at(plain));
  });
}

function staticProblem(schema: z.ZodType, value: Json, path: string): Problem | undefined {
  const issue = schema.safeParse(value).error?.issues[0];
  if (!issue) return undefined;
  const at = [path, ...issue.path].filter((step) => step !== '').join('.');
  if (issue.code === 'unrecognized_keys')
    return { says: 'has no parameter', path: [at, issue.keys[0]].filter((step) => step !== '').join('.') };
  const isMissing = issue.code === 'invalid_type' && valueAt(value, issue.path) === undefined;
  return isMissing
    ? { says: 'needs', path: at }
    : { says: 'does not take this', path: at, why: issue.message };
}

const valueAt = (value: Json | undefined, path: readonly PropertyKey[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (from, step) => (typeof from === 'object' && from !== null ? Reflect.get(from, step) : undefined),
    value,
  );

/** Whether a path or a function gives some of the value. */
function hasPath(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasPath);
  return (
    isObject(value) && Object.entries(value).some(([name, each]) => FROM_PATH.test(name) || hasPath(each))
  );
}

function first<T>(
  items: readonly T[],
  find: (item: T, index: number) => Problem | undefined,
): Problem | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found) return found;
  }
  return undefined;
}

/** What a schema is behind its defaults and transformations. */
function innermost(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return innermost(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodPipe ? innermost(schema.in as z.ZodType) : schema;
}
