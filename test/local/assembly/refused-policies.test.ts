import { afterAll, describe, expect, it } from 'vitest';
import {
  ANYBODY,
  of,
  one,
  type Properties,
  policy,
  type Resources,
  role,
  services,
  topicPolicy,
  trust,
} from '../../support/local/templates.ts';

const { deploy, close } = services();
afterAll(close);

const LAMBDA = { Service: 'lambda.amazonaws.com' };
const QUEUE: Resources = { Queue: of('AWS::SQS::Queue') };
const BUCKET: Resources = { Bucket: of('AWS::S3::Bucket') };
const OBJECTS = { 'Fn::Sub': `\${Bucket.Arn}/*` };
const queuePolicy = (Action: string) =>
  one(
    'AWS::SQS::QueuePolicy',
    { Queues: [{ Ref: 'Queue' }], PolicyDocument: policy({ ...ANYBODY, Action, Resource: '*' }) },
    QUEUE,
  );
const bucketPolicy = (more: Properties) =>
  one(
    'AWS::S3::BucketPolicy',
    {
      Bucket: { Ref: 'Bucket' },
      PolicyDocument: policy({ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', ...more }),
    },
    BUCKET,
  );
const twice = (resources: Resources): Resources => ({ ...resources, Again: resources.It ?? of('') });
const may = (more: Properties) =>
  role('lambda.amazonaws.com', {
    Policies: [
      {
        PolicyName: 'p',
        PolicyDocument: policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more }),
      },
    ],
  });
const when = (Condition: Properties) => may({ Condition });
const trusting = (more: Properties) =>
  one('AWS::IAM::Role', {
    AssumeRolePolicyDocument: policy({ Effect: 'Allow', Action: 'sts:AssumeRole', ...more }),
  });
const ROLE_ARN = 'arn:aws:iam::000000000000:role/r';

describe('a policy that AWS takes is taken:', () => {
  it.each<[string, Resources]>([
    ['every action of a queue', queuePolicy('sqs:*')],
    ['a denial for everybody', bucketPolicy({ Resource: OBJECTS })],
    [
      'leave for one of all',
      bucketPolicy({
        Effect: 'Allow',
        Resource: OBJECTS,
        Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE_ARN } },
      }),
    ],
    ['leave for a service', bucketPolicy({ Effect: 'Allow', Resource: OBJECTS, Principal: LAMBDA })],
    ['everything that begins with the bucket', bucketPolicy({ Resource: { 'Fn::Sub': `\${Bucket.Arn}*` } })],
    [
      'a denial for all but one',
      bucketPolicy({ Resource: OBJECTS, Principal: undefined, NotPrincipal: LAMBDA }),
    ],
    ['a condition that must be there', when({ Null: { 'aws:PrincipalArn': 'false' } })],
    ['a condition with a wildcard', when({ ArnLike: { 'aws:PrincipalArn': '*' } })],
    ['a tag', when({ StringEquals: { 'aws:ResourceTag/team': 'a' } })],
    ['a trust with a tag', trusting({ Principal: LAMBDA, Action: ['sts:AssumeRole', 'sts:TagSession'] })],
    [
      'a role with two tags',
      one('AWS::IAM::Role', {
        AssumeRolePolicyDocument: trust(LAMBDA.Service),
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    ],
  ])('%s', async (_, resources) => {
    await expect(deploy(resources)).resolves.toBeDefined();
  });
});

const REFUSED: readonly [string, Resources, RegExp][] = [
  ['every action of a topic', topicPolicy('sns:*'), /out of service scope/],
  ['every action on a topic', topicPolicy('*'), /out of service scope/],
  ['two policies of a topic', twice(topicPolicy('sns:Publish')), /has the name of It .*arn:aws:sns/],
  ['two policies of a queue', twice(queuePolicy('sqs:*')), /has the name of It .*http/],
  ['actions of S3 on a queue', queuePolicy('s3:*'), /no action s3:\*/],
  ['every resource for a bucket', bucketPolicy({ Resource: '*' }), /invalid resource/],
  ['every bucket for a bucket', bucketPolicy({ Resource: 'arn:aws:s3:::*' }), /invalid resource/],
  ['half of the bucket', bucketPolicy({ Resource: 'arn:aws:s3:::s*' }), /invalid resource/],
  ['leave for everybody', bucketPolicy({ Effect: 'Allow', Resource: OBJECTS }), /BlockPublicPolicy/],
  [
    'leave for everybody who says so',
    bucketPolicy({
      Effect: 'Allow',
      Resource: OBJECTS,
      Condition: { StringEqualsIfExists: { 'aws:PrincipalAccount': '000000000000' } },
    }),
    /BlockPublicPolicy/,
  ],
  [
    'leave for all but one',
    bucketPolicy({ Effect: 'Allow', Resource: OBJECTS, Principal: undefined, NotPrincipal: LAMBDA }),
    /NotPrincipal goes with the Effect Deny/,
  ],
  ['a trust in all but one', trusting({ NotPrincipal: LAMBDA }), /no NotPrincipal/],
  [
    'a trust for all but one action',
    trusting({ Principal: LAMBDA, Action: undefined, NotAction: 'sts:AssumeRole' }),
    /no NotAction/,
  ],
  ['a trust for every action of STS', trusting({ Principal: LAMBDA, Action: 'sts:*' }), /not by sts:\*/],
  [
    'a trust for an action on no role',
    trusting({ Principal: LAMBDA, Action: 'sts:GetCallerIdentity' }),
    /not by sts:GetCallerIdentity/,
  ],
  ['Null with IfExists', when({ NullIfExists: { 'aws:PrincipalArn': 'true' } }), /PolicyDocument.Statement/],
  [
    'a Null that is neither',
    when({ Null: { 'aws:PrincipalArn': 'maybe' } }),
    /true or false, and not with maybe/,
  ],
  [
    'a Bool that is neither',
    when({ Bool: { 'aws:SecureTransport': 'on' } }),
    /true or false, and not with on/,
  ],
  ['an ARN that is none', when({ ArnLike: { 'aws:PrincipalArn': 'me' } }), /an ARN, and not with me/],
  [
    'a key that has no value here',
    when({ StringEquals: { 'aws:PrincipalOrgID': 'o' } }),
    /condition key aws:PrincipalOrgID/,
  ],
  ['a variable', may({ Resource: 'arn:aws:s3:::b/${aws:username}/*' }), /variables of policies/],
  [
    'a variable of a condition',
    when({ StringLike: { 'aws:SourceAccount': '${aws:PrincipalAccount}' } }),
    /variables of policies/,
  ],
  [
    'two tags of a role that capitals part',
    one('AWS::IAM::Role', {
      AssumeRolePolicyDocument: trust(LAMBDA.Service),
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'A', Value: '2' },
      ],
    }),
    /capitals do not part/,
  ],
];

describe('a policy that AWS refuses, or that would count otherwise here, is refused:', () => {
  it.each(REFUSED)('%s', async (_, resources, message) => {
    await expect(deploy(resources)).rejects.toThrow(message);
  });
});
