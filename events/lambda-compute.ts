import type { NamedRule } from './rule.ts';

/**
 * The Regions in which CodeBuild builds on Lambda compute.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html#lambda.regions
 */
const LAMBDA_COMPUTE_REGIONS: readonly string[] = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'ap-northeast-1',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-central-1',
  'eu-west-1',
  'sa-east-1',
];

const regions = LAMBDA_COMPUTE_REGIONS.join(', ');

/** Whether CodeBuild builds on Lambda compute in a Region. */
export const hasLambdaCompute = (region: string): boolean => LAMBDA_COMPUTE_REGIONS.includes(region);

/** What is wrong with a rule in a Region without the compute that the rule's pulls run on; undefined for nothing. */
export function computeProblem({ name, pull }: NamedRule, region: string): string | undefined {
  if (pull.compute !== 'lambda' || hasLambdaCompute(region)) return undefined;
  return `the rule ${name} pulls on CodeBuild's Lambda compute, which ${region} does not have (${regions} do): write pull: { compute: ec2 } in the rule`;
}
