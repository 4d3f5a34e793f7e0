import { Stack } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { OWNER_TAG } from '../events/pipeline-tags.ts';
import type { NamedRule } from '../events/rule.ts';
import {
  type BranchPipeline,
  branchPipelinesOf,
  copiesOf,
  startedPipelinesOf,
  teardownPipelinesOf,
} from '../events/rule-pipelines.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import type { ExamplePipeline } from './example-pipeline.ts';
import type { HooklineFunction } from './hookline-function.ts';
import { allowInParts, pipelineArn } from './pipeline-grants.ts';
import type { Settings } from './settings.ts';

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
  // A template that a rule starts itself may be read for that.
  const started = startedPipelinesOf(rules);
  const copied = unique(pipelines.map(({ name: template }) => template));
  const templates = copied.filter((template) => !started.includes(template));
  const copies = arnsOf(made, copiesOf(rules));
  const roles = unique(pipelines.flatMap((pipeline) => rolesOf(made, pipeline, example)));
  made.function.addEnvironment('PIPELINE_OWNER', name);
  const tagged = (key: string) => ({ StringEquals: { [`aws:${key}/${OWNER_TAG}`]: name } });
  allowInParts(made, {
    sid: 'Templates',
    actions: ['codepipeline:GetPipeline'],
    resources: arnsOf(made, templates),
  });
  allowInParts(made, { sid: 'Copies', actions: LOOK, resources: copies });
  allowInParts(made, {
    sid: 'Make',
    actions: ['codepipeline:CreatePipeline', 'codepipeline:TagResource'],
    resources: copies,
    conditions: tagged('RequestTag'),
  });
  allowInParts(made, {
    sid: 'Change',
    actions: ['codepipeline:UpdatePipeline', 'codepipeline:StartPipelineExecution'],
    resources: copies,
    conditions: tagged('ResourceTag'),
  });
  made.allow(['codepipeline:ListPipelines'], ['*']);
  allowInParts(made, {
    sid: 'Roles',
    actions: ['iam:PassRole'],
    resources: roles,
    conditions: { StringEquals: { 'iam:PassedToService': 'codepipeline.amazonaws.com' } },
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

/** Lets a function see which artifacts are there. Without the list, S3 answers 403 for a key that is not. */
export function allowArtifacts(made: HooklineFunction, bucket: Bucket): void {
  const artifacts = bucket.arnForObjects('commits/*');
  made.allow(['s3:GetObject'], [artifacts]);
  made.allow(['s3:ListBucket'], [bucket.bucketArn]);
  acknowledgeWildcards(made.role, [artifacts], 'the keys are those of every repository');
}

/**
 * Lets a function start the pipelines for the end, and delete those of branches that have the tag of this Hookline, once their
 * teardowns have ended.
 * @param ends the pipelines that it starts
 */
export function allowEnds(
  made: HooklineFunction,
  rules: readonly NamedRule[],
  { name }: Settings,
  ends: readonly string[],
): void {
  const copies = arnsOf(made, copiesOf(rules));
  made.function.addEnvironment('PIPELINE_OWNER', name);
  allowInParts(made, { sid: 'Copies', actions: LOOK, resources: copies });
  allowInParts(made, {
    sid: 'End',
    actions: ['codepipeline:StopPipelineExecution', 'codepipeline:DeletePipeline'],
    resources: copies,
    conditions: { StringEquals: { [`aws:ResourceTag/${OWNER_TAG}`]: name } },
  });
  allowInParts(made, {
    sid: 'Ends',
    actions: ['codepipeline:GetPipeline', 'codepipeline:StartPipelineExecution'],
    resources: arnsOf(made, ends),
  });
  allowInParts(made, {
    sid: 'Teardowns',
    actions: ['codepipeline:GetPipelineExecution'],
    resources: arnsOf(made, teardownPipelinesOf(rules)),
  });
  acknowledgeWildcards(made.role, copies, WHY);
}

// What shows how a copy is, and that it is ours.
const LOOK = [
  'codepipeline:GetPipeline',
  'codepipeline:ListTagsForResource',
  'codepipeline:ListPipelineExecutions',
];

const arnsOf = (made: HooklineFunction, names: readonly string[]): string[] =>
  names.map((name) => pipelineArn(made, name));
