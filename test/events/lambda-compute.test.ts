import { expect, it } from 'vitest';
import { computeProblem, hasLambdaCompute } from '../../events/lambda-compute.ts';
import { parseRule } from '../../events/rule-file.ts';

// https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html#lambda.regions
const WITH_LAMBDA =
  'us-east-1, us-east-2, us-west-2, ap-northeast-1, ap-south-1, ap-southeast-1, ap-southeast-2, eu-central-1, eu-west-1, sa-east-1';

const rule = (compute: string) =>
  parseRule(`description: x\nmatch: { event: [push] }\npull: { compute: ${compute} }\n`, 'acme.yaml');

it.each(WITH_LAMBDA.split(', '))(
  'CodeBuild has Lambda compute in %s, and a rule may pull on either',
  (region) => {
    expect(hasLambdaCompute(region)).toBe(true);
    expect(computeProblem(rule('lambda'), region)).toBeUndefined();
    expect(computeProblem(rule('ec2'), region)).toBeUndefined();
  },
);

it.each(['eu-north-1', 'us-west-1', ''])('CodeBuild has EC2 compute alone in %j', (region) => {
  expect(hasLambdaCompute(region)).toBe(false);
  expect(computeProblem(rule('ec2'), region)).toBeUndefined();
  expect(computeProblem(rule('lambda'), region)).toBe(
    `the rule acme pulls on CodeBuild's Lambda compute, which ${region} does not have (${WITH_LAMBDA} do): write pull: { compute: ec2 } in the rule`,
  );
});
