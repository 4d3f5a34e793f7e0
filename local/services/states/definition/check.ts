import { AwsError } from '../../../core/aws-error.ts';
import { checkIntrinsic } from '../payload/intrinsic.ts';
import { isJsonPath } from '../payload/path.ts';
import { referenceSteps } from '../payload/reference.ts';
import { StateError } from '../state-error.ts';
import { checkErrorNames } from './error-names.ts';
import { checkExclusiveFields } from './exclusive-fields.ts';
import { invalidDefinition } from './invalid.ts';
import { checkRule } from './rule.ts';
import type { Definition, State, StateOf } from './schema.ts';

/**
 * What the shape alone does not say: transitions lead somewhere, expressions can be read, tasks can be run.
 * @throws AwsError naming the state
 */
export function checkStates(
  definition: Definition,
  checkTask: CheckTask,
  known: Set<string> = new Set(),
): void {
  if (!Object.hasOwn(definition.States, definition.StartAt))
    throw invalidDefinition(`StartAt names ${definition.StartAt}, which is not a state`);
  const reached = new Set([definition.StartAt]);
  for (const [name, state] of Object.entries(definition.States)) {
    for (const target of targetsOf(name, state))
      if (!Object.hasOwn(definition.States, target))
        throw invalidDefinition(`${name} leads to ${target}, which is not a state`);
      else reached.add(target);
    if (known.has(name)) throw invalidDefinition(`two states have the name ${name}`);
    known.add(name);
    checkExclusiveFields(name, state);
    checkExpressions(name, state);
    if ('Retry' in state) checkErrorNames(name, state.Retry);
    if ('Catch' in state) checkErrorNames(name, state.Catch);
    if (state.Type === 'Task') checkResource(name, state, checkTask);
    for (const inner of definitionsIn(state)) checkStates(inner, checkTask, known);
  }
  const lost = Object.keys(definition.States).find((name) => !reached.has(name));
  if (lost !== undefined) throw invalidDefinition(`no state leads to ${lost}`);
}

function targetsOf(name: string, state: State): string[] {
  if (state.Type === 'Succeed' || state.Type === 'Fail') return [];
  if (state.Type === 'Choice') {
    for (const rule of state.Choices) checkRule(name, rule);
    const targets = state.Choices.map((rule) => rule.Next);
    return [...targets, state.Default].filter((each) => typeof each === 'string');
  }
  if ((state.Next === undefined) === (state.End === undefined))
    throw invalidDefinition(`${name} must have either Next or End`);
  const caught = 'Catch' in state ? state.Catch.map((catcher) => catcher.Next) : [];
  return state.Next === undefined ? caught : [state.Next, ...caught];
}

function definitionsIn(state: State): Definition[] {
  if (state.Type === 'Parallel') return state.Branches;
  return state.Type === 'Map' ? [state.ItemProcessor ?? state.Iterator ?? []].flat() : [];
}

/** @throws AwsError for a Resource that cannot be carried out, or Parameters that it does not take */
export type CheckTask = (resource: string, parameters: unknown) => void;

function checkResource(name: string, state: StateOf<'Task'>, checkTask: CheckTask): void {
  try {
    checkTask(state.Resource, state.Parameters);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError(error.code, `${name}: ${error.message}`, error.status);
  }
}

function checkExpressions(name: string, state: State): void {
  if ('ResultPath' in state && state.ResultPath) checkReference(name, state.ResultPath);
  const templates = ['Parameters', 'ResultSelector', 'ItemSelector'] as const;
  const fields: Record<string, unknown> = { ...state };
  for (const field of templates) checkTemplate(name, fields[field]);
  for (const field of ['ErrorPath', 'CausePath']) checkExpression(name, fields[field]);
  for (const field of PATHS) if (fields[field]) checkExpression(name, fields[field]);
}

const PATHS = ['InputPath', 'OutputPath', 'ItemsPath', 'SecondsPath', 'TimestampPath', 'TimeoutSecondsPath'];

function checkTemplate(name: string, template: unknown): void {
  if (Array.isArray(template)) for (const item of template) checkTemplate(name, item);
  if (typeof template !== 'object' || template === null) return;
  for (const [key, value] of Object.entries(template))
    if (key.endsWith('.$')) checkExpression(name, value);
    else checkTemplate(name, value);
}

function checkExpression(name: string, expression: unknown): void {
  if (expression === undefined) return;
  if (typeof expression !== 'string')
    throw invalidDefinition(
      `${name} has ${JSON.stringify(expression)} where a path or an intrinsic function belongs`,
    );
  if (expression.startsWith('$')) {
    if (isJsonPath(expression)) return;
    throw invalidDefinition(`${name} has ${expression}, which is not a JSONPath`);
  }
  try {
    checkIntrinsic(expression);
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    throw invalidDefinition(`${name}: ${error.reason}`);
  }
}

function checkReference(name: string, path: string): void {
  if (path.startsWith('$$') || !referenceSteps(path))
    throw invalidDefinition(`${name} has the ResultPath ${path}, which is not a reference path`);
}
