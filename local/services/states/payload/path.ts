import { JSONPath } from 'jsonpath-plus';
import { StateError } from '../state-error.ts';
import type { Json } from './json.ts';
import { lookUp, referenceSteps } from './reference.ts';

/** The two roots of paths: `$` and `$$`. */
export interface Data {
  readonly input: Json;
  readonly context: Json;
}

/**
 * The value at a path of `$` or `$$`: one value for a reference path, else the list of every match.
 * @returns undefined where a reference path names nothing
 */
export function find(path: string, { input, context }: Data): Json | undefined {
  const [json, local] = path.startsWith('$$') ? [context, path.slice(1)] : [input, path];
  const steps = referenceSteps(local);
  if (steps) return lookUp(json, steps);
  return JSONPath<Json[]>({ path: local, json, wrap: true, eval: 'safe' });
}

/**
 * The value at a path that must be there.
 * @throws StateError States.Runtime, which no catcher takes
 */
export function read(path: string, data: Data, field: string): Json {
  const value = find(path, data);
  if (value !== undefined) return value;
  throw new StateError(
    'States.Runtime',
    `the JSONPath '${path}' specified for the field '${field}' could not be found in the input '${shown(data.input)}'`,
  );
}

// A cause may hold 32 KiB: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ExecutionFailedEventDetails.html
const SHOWN = 1000;

/** An input as an error shows it. */
export function shown(json: Json): string {
  const text = JSON.stringify(json);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** Whether a path of `$` or `$$` can be read at all. */
export function isJsonPath(path: string): boolean {
  const local = path.startsWith('$$') ? path.slice(1) : path;
  if (referenceSteps(local)) return true;
  // jsonpath-plus reads what nobody closed, and finds nothing by it.
  const open = [...local.matchAll(/[[\]]/g)].reduce((depth, [sign]) => depth + (sign === '[' ? 1 : -1), 0);
  return open === 0 && /^\$[.[]/.test(local) && !/\.$|\.{3}|[^\x21-\x7e\u0080-\uffff ]/.test(local);
}
