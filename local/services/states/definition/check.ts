import { AwsError } from '../../../core/aws-error.ts';
import { parseIntrinsic } from '../payload/intrinsic.ts';
import { referenceSteps } from '../payload/reference.ts';
import { StateError } from '../state-error.ts';
import { checkRule } from './rule.ts';
import type { Definition, State } from './schema.ts';

/**
 * What the shape alone does not say: transitions lead somewhere, expressions can be read, tasks can be run.
 * @throws AwsError naming the state
 */
export function checkStates(definition: Definition, checkTask: (resource: string) => void): void {
  if (!Object.hasOwn(definition.States, definition.StartAt))
    throw invalid(`StartAt names ${definition.StartAt}, which is not a state`);
  for (const [name, state] of Object.entries(definition.States)) {
    for (const target of targetsOf(name, state))
      if (!Object.hasOwn(definition.States, target))
        throw invalid(`${name} leads to ${target}, which is not a state`);
    checkExpressions(name, state);
    if (state.Type === 'Task') checkResource(name, state.Resource, checkTask);
    for (const inner of definitionsIn(name, state)) checkStates(inner, checkTask);
  }
}

function targetsOf(name: string, state: State): string[] {
  if (state.Type === 'Succeed' || state.Type === 'Fail') return [];
  if (state.Type === 'Choice') {
    for (const rule of state.Choices) checkRule(name, rule);
    const targets = state.Choices.map((rule) => rule.Next);
    return [...targets, state.Default].filter((each) => typeof each === 'string');
  }
  if ((state.Next === undefined) === (state.End === undefined))
    throw invalid(`${name} must have either Next or End`);
  const caught = 'Catch' in state ? state.Catch.map((catcher) => catcher.Next) : [];
  return state.Next === undefined ? caught : [state.Next, ...caught];
}

function definitionsIn(name: string, state: State): Definition[] {
  if (state.Type === 'Parallel') return state.Branches;
  if (state.Type !== 'Map') return [];
  const processor = state.ItemProcessor ?? state.Iterator;
  if (!processor) throw invalid(`${name} needs an ItemProcessor`);
  return [processor];
}

function checkResource(name: string, resource: string, checkTask: (resource: string) => void): void {
  try {
    checkTask(resource);
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
}

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
    throw invalid(`${name} has ${JSON.stringify(expression)} where a path or an intrinsic function belongs`);
  if (expression.startsWith('$')) return;
  try {
    parseIntrinsic(expression);
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    throw invalid(`${name}: ${error.reason}`);
  }
}

function checkReference(name: string, path: string): void {
  if (path.startsWith('$$') || !referenceSteps(path))
    throw invalid(`${name} has the ResultPath ${path}, which is not a reference path`);
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidDefinition', `invalid definition: ${message}`);
}
