import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { OWNER_TAG } from '../events/pipeline-tags.ts';
import type { NamedRule } from '../events/rule.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import type { ExamplePipeline } from './example-pipeline.ts';
import type { HooklineFunction } from './hookline-function.ts';
import type { Settings } from './settings.ts';

type BranchPipeline = NonNullable<NamedRule['pipeline']> & {
  readonly each: string;
  readonly roles: readonly string[];
};

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
