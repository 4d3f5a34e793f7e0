import * as z from 'zod';
import { policiesIn } from './policies.ts';
import { referencesIn, type Template } from './template.ts';

// IAM and STS quotas, in characters without white space; a role's inline policies count together.
const INLINE = 10_240;
const MANAGED = 6_144;
const TRUST = 2_048;
const MANAGED_OF_A_ROLE = 10;
// Of resource policies, in bytes: Amazon S3's, Amazon SNS's and API Gateway's documented quotas.
const OF_RESOURCES: Readonly<Record<string, number>> = {
  'AWS::S3::BucketPolicy': 20_480,
  'AWS::SNS::TopicPolicy': 30_720,
  'AWS::ApiGateway::RestApi': 8_192,
};
// SQS counts statements.
const QUEUE_STATEMENTS = 20;

const managedSchema = z.looseObject({ ManagedPolicyArns: z.array(z.unknown()).default([]) });

/** The policies of a template that are larger than their service takes. @returns a line for each */
export function policySizeProblems(template: Template): string[] {
  const policies = policiesIn(template);
  const over = (what: string, has: number, most: number): string[] =>
    has > most ? [`${what} has ${has}, and AWS takes ${most}`] : [];
  const ofRole = (role: string, type: string) =>
    policies.filter(
      (policy) =>
        policy.type === type &&
        referencesIn(template.Resources[policy.id]?.Properties.Roles).some(({ to }) => to === role),
    );
  const roles = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
  return [
    ...roles.flatMap(([role, { Properties }]) => [
      ...over(`the inline policies of ${role}`, sum(ofRole(role, 'AWS::IAM::Policy')), INLINE),
      ...over(
        `the list of managed policies of ${role}`,
        ofRole(role, 'AWS::IAM::ManagedPolicy').length +
          managedSchema.parse(Properties).ManagedPolicyArns.length,
        MANAGED_OF_A_ROLE,
      ),
    ]),
    ...policies.flatMap((policy) => {
      if (policy.place.endsWith('.AssumeRolePolicyDocument'))
        return over(policy.place, policy.characters, TRUST);
      if (policy.type === 'AWS::SQS::QueuePolicy')
        return over(policy.place, policy.statements.length, QUEUE_STATEMENTS);
      const most = policy.type === 'AWS::IAM::ManagedPolicy' ? MANAGED : OF_RESOURCES[policy.type];
      return most === undefined ? [] : over(policy.place, policy.characters, most);
    }),
  ];
}

const sum = (policies: readonly { characters: number }[]): number =>
  policies.reduce((total, { characters }) => total + characters, 0);
