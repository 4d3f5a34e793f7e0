import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud, Provisioned } from '../../core/cloud.ts';
import { LOG_GROUPS } from '../../core/iam/decide.ts';
import { documentText, resourceDocument } from '../../core/iam/document.ts';
import type { Tables } from './tables.ts';

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
const MAX_POLICIES = 10;

/** The document is JSON in a text, unlike those of other services. */
export const policyText = z
  .string()
  .max(5120)
  .pipe(
    documentText(
      resourceDocument.refine(
        (statements) =>
          statements.flatMap(({ Action = [] }) => Action).every((action) => /^(?:logs:|\*$)/i.test(action)),
        'a policy of log groups names actions of logs alone',
      ),
    ),
  );

export const policyProperties = z.strictObject({
  PolicyName: z.string().min(1),
  PolicyDocument: policyText,
});

type Document = z.infer<typeof policyText>;

/** Says who besides the account's roles may write to the account's log groups; each statement names its own. */
export const registerPolicy = ({ policies }: Cloud, name: string, document: Document): void =>
  policies.resource(idOf(name), [LOG_GROUPS], document);

export const unregisterPolicy = ({ policies }: Cloud, name: string): void => policies.remove(idOf(name));

export function provisionPolicy(
  cloud: Cloud,
  { templatePolicies }: Tables,
  { PolicyName, PolicyDocument }: z.infer<typeof policyProperties>,
): Provisioned {
  if (!templatePolicies.has(PolicyName) && templatePolicies.size >= MAX_POLICIES)
    throw new AwsError(
      'LimitExceededException',
      `a Region has ${MAX_POLICIES} policies of log groups at most`,
    );
  templatePolicies.add(PolicyName);
  registerPolicy(cloud, PolicyName, PolicyDocument);
  return { ref: PolicyName };
}

export function removePolicy(cloud: Cloud, { templatePolicies }: Tables, { ref }: Provisioned): void {
  templatePolicies.delete(ref);
  unregisterPolicy(cloud, ref);
}

const idOf = (name: string): string => `logs-policy/${name}`;
