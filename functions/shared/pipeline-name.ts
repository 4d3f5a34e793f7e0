import { pipelineNameFor } from '../../events/pipeline-name.ts';
import type { State } from '../../statemachine/payloads.ts';
import { errors, HooklineError } from './errors.ts';

/** The pipeline that the rule starts for the delivery. Throws `PipelineMissing` when its name cannot be made. */
export function pipelineNameOf({ rule, ...state }: Pick<State, 'rule' | 'delivery' | 'values'>): string {
  if (rule.pipeline === undefined)
    throw new HooklineError(errors.misconfigured, `rule ${rule.name} names no pipeline; add one`);
  const made = pipelineNameFor(rule.pipeline, state);
  if ('name' in made) return made.name;
  throw new HooklineError(
    errors.pipelineMissing,
    `${made.problem}; change \`pipeline.name\` of rule ${rule.name}, or its match`,
  );
}
