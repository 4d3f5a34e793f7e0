import { StateError } from '../state-error.ts';
import { isObject, type Json } from './json.ts';

const STEP =
  /\.([A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

type Step = string | number;

const parsed = new Map<string, Step[] | undefined>();

/** The steps of a reference path (`$.a['b'][0]`), which names one place; undefined for any other JSONPath. */
export function referenceSteps(path: string): Step[] | undefined {
  if (!parsed.has(path)) parsed.set(path, parseSteps(path));
  return parsed.get(path);
}

function parseSteps(path: string): Step[] | undefined {
  const steps: Step[] = [];
  let at = 1;
  while (at < path.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (!match) return undefined;
    const [, name, index, single, double] = match;
    const quoted = (single ?? double)?.replaceAll(/\\(.)/g, '$1');
    steps.push(index === undefined ? (name ?? quoted ?? '') : Number(index));
    at = STEP.lastIndex;
  }
  return steps;
}

/** The value at these steps, undefined where there is none. */
export function lookUp(json: Json, steps: readonly Step[]): Json | undefined {
  let value: Json | undefined = json;
  for (const step of steps) {
    if (Array.isArray(value)) value = typeof step === 'number' ? value[step] : undefined;
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

/**
 * A copy of `json` with `value` at the path; objects on the way are made.
 * @throws StateError States.ResultPathMatchFailure
 */
export function withValueAt(json: Json, path: string, value: Json): Json {
  const put = (target: Json | undefined, [step, ...rest]: readonly Step[]): Json => {
    if (step === undefined) return value;
    if (typeof step === 'number' && Array.isArray(target) && step < target.length)
      return target.with(step, put(target[step], rest));
    if (typeof step === 'number' || (target !== undefined && !isObject(target)))
      throw new StateError(
        'States.ResultPathMatchFailure',
        `unable to apply ReferencePath ${path} to input ${JSON.stringify(json)}`,
      );
    return { ...target, [step]: put(target && Object.hasOwn(target, step) ? target[step] : undefined, rest) };
  };
  return put(json, referenceSteps(path) ?? []);
}
