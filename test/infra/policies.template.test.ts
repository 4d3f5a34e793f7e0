import { describe, expect, it } from 'vitest';
import { policiesIn } from '../support/aws/policies.ts';
import { policyProblems } from '../support/aws/policy-problems.ts';
import { policySizeProblems } from '../support/aws/policy-sizes.ts';
import { synthesized, templateOf } from '../support/variants/synthesized.ts';

// The CDK grants writing on the bucket beside its objects, though nothing that it grants is done to a bucket.
const OF_THE_CDK =
  /^ExampleSourceRoleDefaultPolicy\w+\.PolicyDocument: no action of the statement takes arn:aws:s3:::hookline-examplestore\w+-\w+$/;

describe('AWS’s service authorization reference', () => {
  it.each(synthesized)('knows what every policy of $name says', async ({ template }) => {
    expect(policiesIn(template)).not.toHaveLength(0);
    expect((await policyProblems(template)).filter((problem) => !OF_THE_CDK.test(problem))).toEqual([]);
  });

  /** The problems of a template with one more statement in a role's policy. */
  async function problemsWith(statement: object): Promise<string[]> {
    const template = templateOf('default');
    template.Resources.Planted = {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'Planted',
        Roles: [],
        PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] },
      },
      DependsOn: [],
      Metadata: {},
    };
    return policyProblems(template);
  }

  const queue = 'arn:aws:sqs:eu-west-1:123456789012:one';
  const table = 'arn:aws:dynamodb:eu-west-1:123456789012:table/one';

  it.each<[string, object, RegExp]>([
    ['an action', { Action: 'sqs:SendMesage', Resource: queue }, /no action sqs:SendMesage/],
    [
      'an action in another case',
      { Action: 'sqs:sendMessage', Resource: queue },
      /no action sqs:sendMessage/,
    ],
    ['a service', { Action: 'sqz:SendMessage', Resource: queue }, /no action sqz:SendMessage/],
    ['a wildcard that means nothing', { Action: 'sqs:Sent*', Resource: queue }, /no action sqs:Sent\*/],
    [
      'an action on another’s resource',
      { Action: ['sqs:SendMessage', 'dynamodb:GetItem'], Resource: queue },
      /GetItem takes/,
    ],
    [
      'a resource that is idle',
      { Action: 'dynamodb:GetItem', Resource: [table, queue] },
      /no action of .* takes .*:one$/,
    ],
    [
      'an item of what has items',
      { Action: 'dynamodb:GetItem', Resource: `${table}/index/x` },
      /GetItem takes/,
    ],
    [
      'a bucket for its objects',
      { Action: 's3:GetObject', Resource: 'arn:aws:s3:::one' },
      /s3:GetObject takes/,
    ],
    [
      'an action that has no resource',
      { Action: 'xray:PutTraceSegments', Resource: queue },
      /takes \* alone/,
    ],
    [
      'a condition key',
      {
        Action: 'sqs:SendMessage',
        Resource: queue,
        Condition: { StringEquals: { 'aws:SourceAcount': '1' } },
      },
      /condition key aws:SourceAcount/,
    ],
    [
      'a condition key of another service',
      { Action: 'sqs:SendMessage', Resource: queue, Condition: { StringEquals: { 's3:prefix': '1' } } },
      /condition key s3:prefix/,
    ],
    [
      'an operator that does not read its key',
      {
        Action: 'sqs:SendMessage',
        Resource: queue,
        Condition: { ArnEquals: { 'aws:SecureTransport': 'true' } },
      },
      /ArnEquals does not read aws:SecureTransport/,
    ],
    [
      'a principal in a role’s policy',
      { Action: 'sqs:SendMessage', Resource: queue, Principal: '*' },
      /principal/,
    ],
    ['no resource', { Action: 'sqs:SendMessage' }, /a resource is wrong or missing/],
  ])('does not know %s', async (_what, statement, problem) => {
    expect(await problemsWith(statement)).toContainEqual(expect.stringMatching(problem));
  });

  it('does not know a member of a statement that there is not', async () => {
    await expect(problemsWith({ Action: 'sqs:SendMessage', Resources: queue })).rejects.toThrow(
      'Planted.PolicyDocument is no policy that IAM takes',
    );
  });
});

describe('the quotas of policies', () => {
  it.each(synthesized)('hold every policy of $name', ({ template }) => {
    expect(policySizeProblems(template)).toEqual([]);
  });

  it('do not hold what is too large', () => {
    const template = templateOf('as many rules as fit, each with a pipeline');
    for (const { Type, Properties } of Object.values(template.Resources)) {
      if (Type === 'AWS::IAM::Role')
        Properties.ManagedPolicyArns = new Array(11).fill('arn:aws:iam::aws:policy/one');
      if (/^AWS::IAM::(Managed)?Policy$/.test(Type))
        Properties.PolicyDocument = {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${'a'.repeat(10_240)}/*` },
          ],
        };
    }
    expect(policySizeProblems(template)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^the inline policies of \w+ has 103\d\d, and AWS takes 10240$/),
        expect.stringMatching(/^\w+\.PolicyDocument has 103\d\d, and AWS takes 6144$/),
        expect.stringMatching(/^the list of managed policies of \w+ has 1[12], and AWS takes 10$/),
      ]),
    );
  });
});
