import { unsupported } from '../core/aws-error.ts';

/** The values that the intrinsic functions of a template may ask for. */
export interface Scope {
  /** the value of `Ref` to a parameter, pseudo parameter or resource; undefined for an unknown name */
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, first: string, second: string): unknown;
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => found(scope.ref(String(name)), `Ref ${String(name)}`),
  'Fn::GetAtt': (argument, scope) => attribute(argument, scope),
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = list(resolve(argument, scope));
    return list(parts).map(text).join(String(separator));
  },
  'Fn::Sub': (argument, scope) => substitute(argument, scope),
  'Fn::Select': (argument, scope) => {
    const [index, parts] = list(resolve(argument, scope));
    const all = list(parts);
    if (!(Number(index) in all))
      throw new Error(`Fn::Select asks for ${String(index)} of ${all.length}: count from 0`);
    return all[Number(index)];
  },
  'Fn::Split': (argument, scope) => {
    const [separator, value] = list(resolve(argument, scope));
    return text(value).split(String(separator));
  },
  'Fn::If': (argument, scope) => {
    const [name, yes, no] = list(argument);
    return resolve(scope.condition(String(name)) ? yes : no, scope);
  },
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = list(resolve(argument, scope)).map(String);
    return found(scope.mapping(`${map}`, `${first}`, `${second}`), `Fn::FindInMap ${map}.${first}.${second}`);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(resolve(argument, scope));
    return left === right;
  },
  'Fn::And': (argument, scope) => list(resolve(argument, scope)).every(Boolean),
  'Fn::Or': (argument, scope) => list(resolve(argument, scope)).some(Boolean),
  'Fn::Not': (argument, scope) => !list(resolve(argument, scope))[0],
  'Fn::Base64': (argument, scope) => Buffer.from(text(resolve(argument, scope))).toString('base64'),
  'Fn::GetAZs': (_argument, scope) =>
    ['a', 'b', 'c'].map((zone) => `${text(scope.ref('AWS::Region'))}${zone}`),
  Condition: (name, scope) => scope.condition(String(name)),
};

/** `{ Ref: 'AWS::NoValue' }`: the property is as if it were not there. */
export const NO_VALUE = Symbol('AWS::NoValue');

/**
 * Resolves every intrinsic function in a value of a template.
 * @throws for a function that this runtime does not know, or a name that is not in the template
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value))
    return value.map((item) => resolve(item, scope)).filter((item) => item !== NO_VALUE);
  if (!isObject(value)) return value;
  const call = intrinsicCall(value);
  if (call) return call.intrinsic(call.argument, scope);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]): [string, unknown] => [key, resolve(item, scope)])
      .filter(([, item]) => item !== NO_VALUE),
  );
}

/** The names that a value refers to by `Ref`, `Fn::GetAtt` and `Fn::Sub`. */
export function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === 'Ref') return [String(item)];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(item) ? item[0] : String(item).split('.')[0])];
    if (key === 'Fn::Sub') return [...variables(item), ...references(item)];
    return references(item);
  });
}

function intrinsicCall(
  value: Record<string, unknown>,
): { intrinsic: Intrinsic; argument: unknown } | undefined {
  const [entry, ...more] = Object.entries(value);
  if (!entry || more.length > 0) return undefined;
  const [key, argument] = entry;
  const intrinsic = Object.hasOwn(intrinsics, key) ? intrinsics[key] : undefined;
  if (!intrinsic && key.startsWith('Fn::')) throw unsupported(`the intrinsic function ${key}`);
  // An IAM statement has a property of this name too, with an object behind it.
  return intrinsic && !(key === 'Condition' && typeof argument !== 'string')
    ? { intrinsic, argument }
    : undefined;
}

function attribute(argument: unknown, scope: Scope): unknown {
  const [logicalId, ...name] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
  return found(scope.attribute(`${logicalId}`, name.join('.')), `Fn::GetAtt ${logicalId}.${name.join('.')}`);
}

const VARIABLE = /\$\{([^!][^}]*)\}/g;

function variables(argument: unknown): string[] {
  const template = String(Array.isArray(argument) ? argument[0] : argument);
  return [...template.matchAll(VARIABLE)].map(([, name]) => `${name}`.split('.')[0] ?? '');
}

function substitute(argument: unknown, scope: Scope): string {
  const [template, values] = Array.isArray(argument) ? argument : [argument, {}];
  const local = resolve(values, scope) as Record<string, unknown>;
  return String(template)
    .replaceAll(VARIABLE, (_all, name: string) => {
      if (Object.hasOwn(local, name)) return text(local[name]);
      return text(
        name.includes('.') ? attribute(name, scope) : found(scope.ref(name), `Fn::Sub \${${name}}`),
      );
    })
    .replaceAll('${!', '${');
}

function found(value: unknown, what: string): unknown {
  if (value === undefined) throw new Error(`${what} names nothing in the template`);
  return value;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value))
    throw new Error(`an intrinsic function wants a list, not ${JSON.stringify(value)}`);
  return value;
}

function text(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new Error(`an intrinsic function wants a string, not ${JSON.stringify(value)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
