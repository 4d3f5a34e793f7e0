import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { OWNER_TAG } from '../events/pipeline-tags.ts';
import type { NamedRule } from '../events/rule.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import type { ExamplePipeline } from './example-pipeline.ts';
import type { HooklineFunction } from './hookline-function.ts';
import type { Settings } from './settings.ts';

type BranchPipeline = Extract<NonNullable<NamedRule['pipeline']>, { readonly each: string }>;

/** The options of rules that ask for a pipeline for each branch or pull request. */
export const branchPipelinesOf = (rules: readonly NamedRule[]): BranchPipeline[] =>
  rules.flatMap(({ pipeline }) => (pipeline && 'each' in pipeline ? [pipeline] : []));

const WHY =
  'the pipelines of branches are named after them, by the prefix of their template; those with our tag alone are changed';

/**
 * Lets a function make, change and start the pipelines of branches: below the prefix of a template, with the tag of this
 * Hookline, and with the roles that the rule names. Nothing where no rule asks for them.
 */
export function allowBranchPipelines(
  made: HooklineFunction,
  rules: readonly NamedRule[],
  { name }: Settings,
  example: ExamplePipeline | undefined,
): void {
  const pipelines = branchPipelinesOf(rules);
  if (pipelines.length === 0) return;
  const arn = (resource: string) => Stack.of(made).formatArn({ service: 'codepipeline', resource });
  const templates = unique(pipelines.map((pipeline) => arn(pipeline.name)));
  const copies = unique(pipelines.map((pipeline) => arn(`${pipeline.name}-*`)));
  made.function.addEnvironment('PIPELINE_OWNER', name);
  const allow = (actions: string[], resources: string[], conditions: Record<string, unknown> = {}) =>
    made.role.addToPolicy(new PolicyStatement({ actions, resources, conditions }));
  const tagged = (key: string) => ({ StringEquals: { [`aws:${key}/${OWNER_TAG}`]: name } });
  allow(['codepipeline:GetPipeline'], [...templates, ...copies]);
  allow(['codepipeline:ListTagsForResource', 'codepipeline:ListPipelineExecutions'], copies);
  allow(['codepipeline:CreatePipeline', 'codepipeline:TagResource'], copies, tagged('RequestTag'));
  allow(
    ['codepipeline:UpdatePipeline', 'codepipeline:StartPipelineExecution'],
    copies,
    tagged('ResourceTag'),
  );
  allow(['codepipeline:ListPipelines'], ['*']);
  allow(['iam:PassRole'], unique(pipelines.flatMap((pipeline) => rolesOf(made, pipeline, example))), {
    StringEquals: { 'iam:PassedToService': 'codepipeline.amazonaws.com' },
  });
  acknowledgeWildcards(made.role, [...copies, '*'], WHY);
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

/** @throws when a rule does not say the role of its template */
function rolesOf(
  made: HooklineFunction,
  { name, roles }: BranchPipeline,
  example: ExamplePipeline | undefined,
): readonly string[] {
  if (roles.length > 0) return roles.map((role) => roleArn(made, role));
  if (example && name === example.name) return example.roleArns;
  throw new Error(
    `the template ${name} is no pipeline of this stack: write pipeline.role, the role of the template, so that Hookline may hand it to the copies`,
  );
}

const roleArn = (made: HooklineFunction, role: string): string =>
  role.startsWith('arn:')
    ? role
    : Stack.of(made).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: role });

/** The pipelines that rules start at the end of a branch or a pull request. */
export const endPipelinesOf = (rules: readonly NamedRule[]): string[] =>
  unique([
    ...branchPipelinesOf(rules).flatMap(({ teardown }) => teardown ?? []),
    ...rules.flatMap((rule) =>
      [rule['on-delete'] ?? [], rule['on-close'] ?? []].flat().map(({ pipeline }) => pipeline),
    ),
  ]);

/** Whether a rule has something to do at the end of a branch or a pull request. */
export const endsOf = (rules: readonly NamedRule[]): boolean =>
  branchPipelinesOf(rules).length > 0 || endPipelinesOf(rules).length > 0;

/** Lets a function start the pipelines for the end, and delete those of branches that have the tag of this Hookline. */
export function allowEnds(made: HooklineFunction, rules: readonly NamedRule[], { name }: Settings): void {
  const arn = (resource: string) => Stack.of(made).formatArn({ service: 'codepipeline', resource });
  const copies = unique(branchPipelinesOf(rules).map((pipeline) => arn(`${pipeline.name}-*`)));
  const ends = endPipelinesOf(rules).map(arn);
  made.function.addEnvironment('PIPELINE_OWNER', name);
  const allow = (actions: string[], resources: string[], conditions: Record<string, unknown> = {}) => {
    if (resources.length > 0) made.role.addToPolicy(new PolicyStatement({ actions, resources, conditions }));
  };
  allow(['codepipeline:GetPipeline'], [...copies, ...ends]);
  allow(['codepipeline:ListTagsForResource', 'codepipeline:ListPipelineExecutions'], copies);
  allow(['codepipeline:StopPipelineExecution', 'codepipeline:DeletePipeline'], copies, {
    StringEquals: { [`aws:ResourceTag/${OWNER_TAG}`]: name },
  });
  allow(['codepipeline:StartPipelineExecution', 'codepipeline:GetPipelineExecution'], ends);
  acknowledgeWildcards(made.role, copies, WHY);
}
