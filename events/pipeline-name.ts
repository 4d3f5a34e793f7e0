import { branchPipelineName, type Each } from './branch-pipeline-name.ts';
import type { Delivery } from './delivery.ts';
import { filled, missingIn, type Values } from './template.ts';

/** What the name of a pipeline may be made of, between braces, beside members of the payload: `{name}`. */
export const NAME_PLACEHOLDERS = ['owner', 'name', 'branch', 'tag'] as const;

/** CodePipeline's own alphabet and length. */
export const PIPELINE_NAME = /^[A-Za-z0-9.@_-]{1,100}$/;

/** A pipeline of a rule: its name, and what every name that comes of placeholders begins with. */
export interface NamedPipeline {
  readonly name: string;
  readonly prefix?: string | undefined;
  /** what has a pipeline of its own, of which `name` is the template */
  readonly each?: Each | undefined;
}

/** What a pipeline is named after. */
export interface Named {
  readonly delivery: Pick<Delivery, 'host' | 'repository' | 'ref' | 'pullRequest'>;
  /** the members of the payload that the rule names */
  readonly values: Values;
}

/** The parts of a delivery that names and variables are made of: each `""` where the delivery has none. */
export function namesOf({
  repository,
  ref = '',
}: Pick<Delivery, 'repository' | 'ref'>): Record<(typeof NAME_PLACEHOLDERS)[number], string> {
  const fullName = repository?.fullName ?? '';
  const slash = fullName.lastIndexOf('/');
  return {
    owner: fullName.slice(0, Math.max(slash, 0)),
    name: fullName.slice(slash + 1),
    branch: ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : '',
    tag: ref.startsWith('refs/tags/') ? ref.slice('refs/tags/'.length) : '',
  };
}

/** The pipeline that a rule starts for a delivery, or why there can be none. */
export function pipelineNameFor(
  { name: template, prefix = '', each }: NamedPipeline,
  { delivery, values: members }: Named,
): { readonly name: string } | { readonly problem: string } {
  if (each !== undefined) return branchPipelineName(template, each, delivery);
  const values = { ...members, ...namesOf(delivery) };
  const missing = missingIn(template, values);
  if (missing !== undefined)
    return { problem: `the pipeline ${template} has no {${missing}} for ${delivery.ref}` };
  const name = filled(template, values);
  if (!PIPELINE_NAME.test(name))
    return {
      problem: `the pipeline ${template} is ${JSON.stringify(name)}, and CodePipeline takes 1 to 100 of A-Z a-z 0-9 . @ - _`,
    };
  return name.startsWith(prefix)
    ? { name }
    : { problem: `the pipeline ${name} does not begin with the rule's prefix ${prefix}` };
}
