import { StateError } from '../state-error.ts';
import { evaluate } from './intrinsic.ts';
import { isObject, type Json } from './json.ts';
import { type Data, read } from './path.ts';

/**
 * Fills a payload template: a field `name.$` takes what its path or intrinsic function gives.
 * @throws StateError States.Runtime for a path that leads nowhere, States.IntrinsicFailure
 */
export function fill(template: Json, data: Data): Json {
  if (Array.isArray(template)) return template.map((item) => fill(item, data));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith('.$') ? [key.slice(0, -'.$'.length), dynamic(key, value, data)] : [key, fill(value, data)],
    ),
  );
}

/** The value of a path or an intrinsic function. */
export function resolve(expression: string, data: Data, field: string): Json {
  return expression.startsWith('$') ? read(expression, data, field) : evaluate(expression, data);
}

function dynamic(key: string, value: Json, data: Data): Json {
  if (typeof value === 'string') return resolve(value, data, key);
  throw new StateError(
    'States.Runtime',
    `the value for the field '${key}' must be a path or an intrinsic function, not ${JSON.stringify(value)}`,
  );
}
