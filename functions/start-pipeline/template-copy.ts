import { createHash } from 'node:crypto';
import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { sourceOf } from '../shared/codepipeline.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import type { PipelineStart } from './pipeline.ts';

/** Tells a template from what it was before. */
export function hashOf({ name: _, version: __, ...template }: PipelineDeclaration): string {
  return createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 12);
}

/**
 * The copy of a template whose source is the delivered commit's own object and whose variables have this delivery's
 * values: CreatePipeline starts an execution by itself, which so runs on this delivery.
 * Throws `PipelineSource` for a template that cannot be copied.
 */
export function copyOf(
  template: PipelineDeclaration,
  { pipeline, key, variables }: Pick<PipelineStart, 'pipeline' | 'key' | 'variables'>,
): PipelineDeclaration {
  const { version: _, ...rest } = template;
  const source = sourceOf(template);
  return {
    ...rest,
    name: pipeline,
    stages: template.stages?.map((stage, index) =>
      index > 0 ? stage : { ...stage, actions: stage.actions?.map(pinned(source, key)) },
    ),
    ...variablesOf(template, variables),
  };
}

/**
 * The values that a copy has for a delivery, with the template's own where the rule has none: the defaults of the pipeline that is
 * there are of the delivery that has made it, or was the last to change it.
 */
export const defaultsOf = ({ variables = [] }: PipelineDeclaration): PipelineStart['variables'] =>
  variables.map(({ name = '', defaultValue = '' }) => ({ name, value: defaultValue }));

type Action = NonNullable<NonNullable<PipelineDeclaration['stages']>[number]['actions']>[number];

const pinned =
  (source: string, key: string) =>
  (action: Action): Action =>
    action.name === source
      ? { ...action, configuration: { ...action.configuration, S3ObjectKey: key } }
      : action;

function variablesOf(
  { name: template, variables: declared = [] }: PipelineDeclaration,
  given: PipelineStart['variables'],
): Pick<PipelineDeclaration, 'variables'> {
  const unknown = given.find(({ name }) => !declared.some((each) => each.name === name));
  if (unknown)
    throw new HooklineError(
      errors.pipelineSource,
      `the template ${template} has no variable ${unknown.name}; declare it there, or take it out of the rule`,
    );
  const made = declared.map((variable) => {
    const { value } = given.find(({ name }) => name === variable.name) ?? {};
    return value === undefined ? variable : { ...variable, defaultValue: value };
  });
  const without = made.find(({ defaultValue }) => defaultValue === undefined);
  if (without)
    throw new HooklineError(
      errors.pipelineSource,
      `the variable ${without.name} of the template ${template} has no value; give it a default, or a value in the rule`,
    );
  return made.length > 0 ? { variables: made } : {};
}
