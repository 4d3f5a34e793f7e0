import { AwsError } from '../../../core/aws-error.ts';
import { type Json, objectSchema } from '../payload/json.ts';
import { referenceSteps } from '../payload/reference.ts';
import { StateError } from '../state-error.ts';
import { checkErrorNames } from './error-names.ts';
import { checkExclusiveFields } from './exclusive-fields.ts';
import { invalidDefinition } from './invalid.ts';
import { checkExpression, checkTemplate } from './payload-template.ts';
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
  if (!Object.values(definition.States).some(isTerminal))
    throw invalidDefinition('the workflow has no terminal state: give one End, or add a Succeed or a Fail');
  const lost = Object.keys(definition.States).find((name) => !reached.has(name));
  if (lost !== undefined) throw invalidDefinition(`no state leads to ${lost}`);
}

const isTerminal = (state: State): boolean =>
  state.Type === 'Succeed' || state.Type === 'Fail' || ('End' in state && state.End === true);

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
export type CheckTask = (resource: string, parameters: Json | undefined) => void;

function checkResource(name: string, state: StateOf<'Task'>, checkTask: CheckTask): void {
  try {
    checkTask(state.Resource, state.Parameters);
  } catch (error) {
    if (error instanceof StateError) throw invalidDefinition(`${name}: ${error.reason}`);
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError(error.code, `${name}: ${error.message}`, error.status);
  }
}

function checkExpressions(name: string, state: State): void {
  if ('ResultPath' in state) checkReference(name, 'ResultPath', state.ResultPath);
  for (const { ResultPath } of 'Catch' in state ? state.Catch : [])
    checkReference(name, 'ResultPath', ResultPath);
  const templates = ['Parameters', 'ResultSelector', 'ItemSelector'] as const;
  const fields: Record<string, unknown> = { ...state };
  for (const field of templates) {
    if (fields[field] !== undefined && !objectSchema.safeParse(fields[field]).success)
      throw invalidDefinition(
        `${name} has the ${field} ${JSON.stringify(fields[field])}, which is no object`,
      );
    checkTemplate(name, fields[field]);
  }
  for (const field of ['ErrorPath', 'CausePath']) checkText(name, field, fields[field]);
  for (const field of ['InputPath', 'OutputPath']) if (fields[field]) checkExpression(name, fields[field]);
  for (const field of ['SecondsPath', 'TimestampPath', 'TimeoutSecondsPath'])
    checkReference(name, field, fields[field]);
  // Of these, it alone may lead into the context: https://github.com/floci-io/floci/issues/3733
  if (typeof fields.ItemsPath === 'string')
    checkReference(name, 'ItemsPath', fields.ItemsPath.replace(/^\$\$/, '$'));
}

// https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
const MAKE_TEXT = ['ArrayGetItem', 'Base64Decode', 'Base64Encode', 'Format', 'Hash', 'JsonToString', 'UUID'];

/** A path, or a function that makes a text. */
function checkText(name: string, field: string, expression: unknown): void {
  checkExpression(name, expression);
  const [, called] = /^States\.(\w+)/.exec(String(expression)) ?? [];
  if (called !== undefined && !MAKE_TEXT.includes(called))
    throw invalidDefinition(`${name} has States.${called} for ${field}, which takes a text`);
}

function checkReference(name: string, field: string, path: unknown): void {
  if (typeof path !== 'string') return;
  if (path.startsWith('$$') || !referenceSteps(path))
    throw invalidDefinition(`${name} has the ${field} ${path}, which is not a reference path`);
}
