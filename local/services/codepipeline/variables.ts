import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Execution } from './execution.ts';
import type { Pipeline } from './pipeline.ts';

const environmentSchema = z.array(
  z.strictObject({
    name: z.string().min(1),
    value: z.string(),
    type: z.enum(['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER']).default('PLAINTEXT'),
  }),
);

type Environment = z.infer<typeof environmentSchema>;

/** Reads the EnvironmentVariables of an action's configuration, which are JSON. */
export function environmentOf(json: string | undefined, named: string): Environment {
  const parsed = environmentSchema.safeParse(json === undefined ? [] : fromJson(json));
  if (parsed.success) return parsed.data;
  throw new AwsError(
    'InvalidActionDeclarationException',
    `the EnvironmentVariables of ${named} are not a JSON list of {name, value, type}: ${z.prettifyError(parsed.error)}`,
  );
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema refuses what is no list, with the name of the action.
    return text;
  }
}

const REFERENCE = /#\{([A-Za-z0-9@_-]+)\.([A-Za-z0-9@_-]+)\}/g;

/** The variables that a text of an action's configuration asks for. */
export const referencesOf = (text: string): { whole: string; namespace: string; name: string }[] =>
  [...text.matchAll(REFERENCE)].map(([whole, namespace = '', name = '']) => ({ whole, namespace, name }));

/** A text of an action's configuration with the values of its `#{namespace.variable}`. @throws for one without a value */
export function resolved(text: string, pipeline: Pipeline, execution: Execution): string {
  return text.replace(REFERENCE, (whole, namespace: string, name: string) => {
    const values = valuesOf(namespace, pipeline, execution);
    if (values !== undefined && Object.hasOwn(values, name) && values[name] !== undefined)
      return values[name];
    throw new Error(
      `the variable ${whole} has no value: ${values ? `${namespace} has ${Object.keys(values).join(', ') || 'none'}` : `no action that has ended has the namespace ${namespace}`}`,
    );
  });
}

function valuesOf(
  namespace: string,
  { stages }: Pipeline,
  execution: Execution,
): Readonly<Record<string, string>> | undefined {
  if (namespace === 'codepipeline') return { PipelineExecutionId: execution.id };
  if (namespace === 'variables') return execution.variables;
  for (const { name: stage, actions } of stages) {
    const action = actions.find((each) => each.namespace === namespace);
    if (action)
      return execution.actions.find(
        (each) => each.stage === stage && each.action === action.name && each.status === 'Succeeded',
      )?.variables;
  }
  return undefined;
}
