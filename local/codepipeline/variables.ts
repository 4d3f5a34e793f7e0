import { z } from 'zod';
import type { Pipeline } from './definition.ts';
import type { Execution } from './execution.ts';

const environmentSchema = z.array(
  z.looseObject({ name: z.string(), value: z.string(), type: z.string().default('PLAINTEXT') }),
);

/** The action's variables with `#{namespace.variable}` put in. */
export function resolved(json: string | undefined, pipeline: Pipeline, execution: Execution): object[] {
  const variables = environmentSchema.parse(JSON.parse(json ?? '[]'));
  return variables.map((each) => ({
    ...each,
    value: each.value.replace(/#\{([\w.@-]+)\.([\w@-]+)\}/g, (whole, namespace: string, name: string) => {
      const value = namespaceOf(namespace, pipeline, execution)?.[name];
      if (value === undefined) throw new Error(`the variable ${whole} of ${each.name} has no value`);
      return value;
    }),
  }));
}

function namespaceOf(
  namespace: string,
  pipeline: Pipeline,
  execution: Execution,
): Readonly<Record<string, string>> | undefined {
  if (namespace === 'codepipeline') return { PipelineExecutionId: execution.id };
  if (namespace === 'variables') return execution.variables;
  const action = pipeline.stages
    .flatMap(({ actions }) => actions)
    .find((each) => each.namespace === namespace);
  return execution.actions.find((each) => each.action === action?.name)?.variables;
}
