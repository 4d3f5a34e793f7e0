import { checkIntrinsic } from '../payload/intrinsic.ts';
import { isJsonPath } from '../payload/path.ts';
import { StateError } from '../state-error.ts';
import { invalidDefinition } from './invalid.ts';

/** @throws AwsError InvalidDefinition for a template of a state whose paths or functions cannot be read */
export function checkTemplate(state: string, template: unknown): void {
  if (Array.isArray(template)) for (const item of template) checkTemplate(state, item);
  if (typeof template !== 'object' || template === null) return;
  for (const [key, value] of Object.entries(template)) {
    if (!key.endsWith('.$')) checkTemplate(state, value);
    else checkExpression(state, value);
    if (key.endsWith('.$') && Object.hasOwn(template, key.slice(0, -2)))
      throw invalidDefinition(`${state} has both ${key.slice(0, -2)} and ${key}: leave one out`);
  }
}

/** @throws AwsError InvalidDefinition for what is neither a path nor a call of an intrinsic function */
export function checkExpression(state: string, expression: unknown): void {
  if (expression === undefined) return;
  if (typeof expression !== 'string')
    throw invalidDefinition(
      `${state} has ${JSON.stringify(expression)} where a path or an intrinsic function belongs`,
    );
  if (expression.startsWith('$')) {
    if (isJsonPath(expression)) return;
    throw invalidDefinition(`${state} has ${expression}, which is not a JSONPath`);
  }
  try {
    checkIntrinsic(expression);
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    throw invalidDefinition(`${state}: ${error.reason}`);
  }
}
