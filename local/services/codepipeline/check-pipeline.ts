import { AwsError, unsupported } from '../../core/aws-error.ts';
import { type Action, groupsOf, type Pipeline } from './pipeline.ts';
import { environmentOf, referencesOf } from './variables.ts';

/** Makes AWS's checks of a new pipeline. @throws InvalidStructureException */
export function checkPipeline(pipeline: Pipeline): void {
  const { name, stages, type, mode, variables } = pipeline;
  const actions = stages.flatMap((stage) => stage.actions);
  unique(`stage of the pipeline ${name}`, stages);
  unique(`variable of the pipeline ${name}`, variables);
  for (const stage of stages)
    unique(`action of the stage ${stage.name} of the pipeline ${name}`, stage.actions);
  unique(
    `artifact of the pipeline ${name}`,
    actions.flatMap(({ outputs }) => outputs).map((each) => ({ name: each })),
  );
  const namespaces = actions.flatMap(({ namespace }) =>
    namespace === undefined ? [] : [{ name: namespace }],
  );
  unique(`namespace of the pipeline ${name}`, [
    ...namespaces,
    { name: 'codepipeline' },
    { name: 'variables' },
  ]);
  if (type === 'V1' && (mode !== 'SUPERSEDED' || variables.length > 0))
    throw invalidStructure(
      `the pipeline ${name} is of type V1, which takes no variables and no ${mode} mode: make it V2`,
    );
  checkSources(pipeline);
  checkArtifacts(pipeline);
}

function unique(what: string, named: readonly { readonly name: string }[]): void {
  const names = named.map(({ name }) => name);
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined)
    throw invalidStructure(`there is more than one ${what} with the name ${twice}: give each its own`);
}

function checkSources({ name, stages }: Pipeline): void {
  for (const [index, stage] of stages.entries()) {
    const misplaced = stage.actions.find(({ category }) => (category === 'Source') !== (index === 0));
    if (misplaced)
      throw invalidStructure(
        `the ${misplaced.category} action ${misplaced.name} of the pipeline ${name} is in the stage ${stage.name}: sources are all in the first stage, and only they`,
      );
  }
}

/** Checks that each input artifact is the output of an action that has ended before, and each variable one's. */
function checkArtifacts({ name, stages, variables }: Pipeline): void {
  const made = new Set<string>();
  const namespaces = new Set(['codepipeline', 'variables']);
  const declared = new Set(variables.map((variable) => variable.name));
  for (const actions of stages.flatMap(groupsOf)) {
    for (const action of actions) {
      checkAction(name, action);
      const missing = action.inputs.find((input) => !made.has(input));
      if (missing !== undefined)
        throw invalidStructure(
          `the action ${action.name} of ${name} takes the artifact ${missing}, which no action before it makes`,
        );
      const unknown = Object.values(action.configuration)
        .flatMap((text) => referencesOf(text))
        .find(
          ({ namespace, name: variable }) =>
            !namespaces.has(namespace) || (namespace === 'variables' && !declared.has(variable)),
        );
      if (unknown)
        throw invalidStructure(
          `the action ${action.name} of ${name} asks for ${unknown.whole}, which no action before it and no variable of the pipeline has`,
        );
    }
    for (const output of actions.flatMap(({ outputs }) => outputs)) made.add(output);
    for (const { namespace } of actions) if (namespace !== undefined) namespaces.add(namespace);
  }
}

function checkAction(pipeline: string, action: Action): void {
  const { name, provider, inputs, outputs, configuration } = action;
  const named = `the action ${name} of the pipeline ${pipeline}`;
  if (provider === 'S3' && (inputs.length > 0 || outputs.length !== 1))
    throw invalidStructure(
      `${named} has ${inputs.length} inputs and ${outputs.length} outputs: a source has one output alone`,
    );
  if (provider === 'S3') return;
  if (inputs.length === 0) throw invalidStructure(`${named} has no input artifact: name the one it builds`);
  if (inputs.length > 1 || outputs.length > 1)
    throw unsupported(`${named}, which has more than one input or output artifact`);
  environmentOf(configuration.EnvironmentVariables, named);
}

const invalidStructure = (message: string): AwsError => new AwsError('InvalidStructureException', message);
