import { type Stack, Token } from 'aws-cdk-lib';
import { computeProblem, hasLambdaCompute } from '../events/lambda-compute.ts';
import type { NamedRule } from '../events/rule.ts';
import type { Settings } from './settings.ts';

/**
 * Refuses what a stack's Region does not have, where the Region is known: from the stack's environment, or from the CDK's
 * command line, which deploys a stack without one to the Region of the caller's profile.
 * @throws with a line for each rule, and for the example pipeline
 */
export function checkRegion(stack: Stack, rules: readonly NamedRule[], settings: Settings): void {
  const region = Token.isUnresolved(stack.region) ? process.env.CDK_DEFAULT_REGION : stack.region;
  if (region === undefined) return;
  const problems = rules.flatMap((rule) => computeProblem(rule, region) ?? []);
  if (settings.examplePipeline && !hasLambdaCompute(region))
    problems.push(
      `the example pipeline builds on CodeBuild's Lambda compute, which ${region} does not have: leave "examplePipeline" out of cdk.json`,
    );
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
