import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { HooklineFunction } from './hookline-function.ts';

export interface PipelineGrant {
  /** in front of the ids of its statements */
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Record<string, unknown>;
}

// A managed policy, into which the CDK moves what is too long, holds 6,144 characters: one such statement, as long as the names
// of pipelines may be. The CDK takes 150 characters for an ARN that it does not know yet, and 6,000 for the policy.
const STATEMENT_CHARACTERS = 5_700;
const STATEMENT_ARNS = 36;
// The account and the Region are not known before.
const ARN_CHARACTERS = 'arn:aws:codepipeline:ap-southeast-1:123456789012:'.length + '"",'.length;

/** Allows actions on many pipelines or roles, in as many statements as fit. With an id each, the CDK leaves them apart. */
export function allowInParts(
  made: HooklineFunction,
  { sid, actions, resources, conditions = {} }: PipelineGrant,
): void {
  for (const [index, part] of inParts(resources).entries())
    made.role.addToPolicy(
      new PolicyStatement({ sid: `${sid}${index}`, actions: [...actions], resources: part, conditions }),
    );
}

/** The ARN of a pipeline of this account and Region. */
export const pipelineArn = (made: HooklineFunction, resource: string): string =>
  Stack.of(made).formatArn({ service: 'codepipeline', resource });

function inParts(resources: readonly string[]): string[][] {
  const parts: string[][] = [];
  let room = 0;
  for (const resource of resources) {
    const characters = charactersOf(resource);
    const part = parts.at(-1);
    if (part && part.length < STATEMENT_ARNS && characters <= room) part.push(resource);
    else {
      parts.push([resource]);
      room = STATEMENT_CHARACTERS;
    }
    room -= characters;
  }
  return parts;
}

/** The last part of an ARN of this stack is known; an ARN of a rule is known whole. */
const charactersOf = (arn: string): number => ARN_CHARACTERS + (arn.split(':').at(-1)?.length ?? 0);
