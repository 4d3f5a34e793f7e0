import { isObject, type Json } from '../payload/json.ts';
import { StateError } from '../state-error.ts';

/**
 * Step Functions writes every member of an AWS API in PascalCase; some services' own JSON has camelCase.
 * @throws StateError States.Runtime for a member in camelCase, which Step Functions does not know
 */
export function camelKeys(json: Json): Json {
  return rename(json, (key) => {
    const camel = key.charAt(0).toLowerCase() + key.slice(1);
    if (camel !== key) return camel;
    throw new StateError(
      'States.Runtime',
      `the field '${key}' is not supported by Step Functions: write it with a capital letter`,
    );
  });
}

/** A service's answer as Step Functions gives it: PascalCase, times in whole milliseconds since 1970. */
export function pascalKeys(answer: unknown): Json {
  // By way of JSON, which drops what is undefined and is what the wire would have carried.
  const json: Json = JSON.parse(JSON.stringify(answer ?? {}));
  return milliseconds(rename(json, (key) => key.charAt(0).toUpperCase() + key.slice(1)));
}

function rename(json: Json, name: (key: string) => string): Json {
  if (Array.isArray(json)) return json.map((item) => rename(item, name));
  if (!isObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [name(key), rename(value, name)]));
}

function milliseconds(json: Json): Json {
  if (Array.isArray(json)) return json.map(milliseconds);
  if (!isObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      typeof value === 'number' && /(Time|Date)$/.test(key) ? Math.round(value * 1000) : milliseconds(value),
    ]),
  );
}
