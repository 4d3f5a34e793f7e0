import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { NamedRule } from '../events/rule.ts';
import { bundledRule } from '../events/rule-input.ts';
import { branchPipelinesOf, teardownPipelinesOf } from '../events/rule-pipelines.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import { allowArtifacts, allowEnds } from './branch-pipeline-grants.ts';
import { HooklineFunction } from './hookline-function.ts';
import type { Settings } from './settings.ts';
import type { Storage } from './storage.ts';

export interface SweepProps {
  readonly storage: Storage;
  readonly rules: readonly NamedRule[];
  readonly settings: Settings;
}

/**
 * Takes down by the clock the pipelines of branches and requests that are over, and whose end nobody has told of; where a rule
 * asks for such pipelines.
 */
export function makeSweep(
  scope: Construct,
  { storage: { bucket, refs }, rules, settings }: SweepProps,
): HooklineFunction | undefined {
  if (branchPipelinesOf(rules).length === 0) return undefined;
  const description = 'Takes down the pipelines of branches that are over';
  const made = new HooklineFunction(scope, 'sweep', {
    name: 'sweep',
    description,
    environment: { REFS_TABLE: refs.tableName, ARTIFACT_BUCKET: bucket.bucketName },
    constants: { HOOKLINE_RULES: JSON.stringify(rules.map(bundledRule)) },
    // Some calls for each pipeline, one after the other.
    timeout: Duration.minutes(5),
    settings,
  });
  made.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [refs.tableArn]);
  allowArtifacts(made, bucket);
  allowEnds(made, rules, settings, teardownPipelinesOf(rules));
  made.role.addToPolicy(new PolicyStatement({ actions: ['codepipeline:ListPipelines'], resources: ['*'] }));
  acknowledgeWildcards(made.role, ['*'], 'a list of pipelines names none');
  new Rule(scope, 'SweepHourly', {
    description,
    schedule: Schedule.rate(Duration.hours(1)),
    targets: [new LambdaFunction(made.function)],
  });
  return made;
}
