import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import { policyText, registerPolicy, unregisterPolicy } from './resource-policy.ts';
import type { MadePolicy, Tables } from './tables.ts';

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
const MOST = 10;

const name = z.string().min(1).max(255);
export const putPolicyInput = z.strictObject({
  policyName: name,
  // Kept as it was written, once it is known to be a policy.
  policyDocument: z.string().superRefine((text, { addIssue }) => {
    for (const { message } of policyText.safeParse(text).error?.issues ?? []) addIssue(message);
  }),
});
export const deletePolicyInput = z.strictObject({ policyName: name });

/** @throws LimitExceededException; UnsupportedOperation for a policy of the template */
export async function putPolicy(
  cloud: Cloud,
  { madePolicies, templatePolicies }: Tables,
  { policyName, policyDocument }: z.infer<typeof putPolicyInput>,
): Promise<object> {
  if (templatePolicies.has(policyName)) throw ofTemplate('PutResourcePolicy', policyName);
  const others = [...madePolicies.entries()].filter(({ key }) => key !== policyName);
  if (others.length + templatePolicies.size >= MOST)
    throw new AwsError('LimitExceededException', `a Region has at most ${MOST} resource policies`);
  const policy: MadePolicy = { policyName, policyDocument, lastUpdatedTime: Date.now() };
  await madePolicies.put(policyName, policy);
  register(cloud, policy);
  return { resourcePolicy: policy };
}

/** @throws ResourceNotFoundException; UnsupportedOperation for a policy of the template */
export async function deletePolicy(
  cloud: Cloud,
  { madePolicies, templatePolicies }: Tables,
  { policyName }: z.infer<typeof deletePolicyInput>,
): Promise<object> {
  if (templatePolicies.has(policyName)) throw ofTemplate('DeleteResourcePolicy', policyName);
  if (!madePolicies.get(policyName))
    throw new AwsError('ResourceNotFoundException', `there is no resource policy ${policyName}`);
  await madePolicies.remove(policyName);
  unregisterPolicy(cloud, policyName);
  return {};
}

/** What calls have made before is in force again. */
export function registerMade(cloud: Cloud, { madePolicies }: Tables): void {
  for (const { value } of madePolicies.entries()) register(cloud, value);
}

const register = (cloud: Cloud, { policyName, policyDocument }: MadePolicy): void =>
  registerPolicy(cloud, policyName, policyText.parse(policyDocument));

const ofTemplate = (operation: string, policyName: string): AwsError =>
  unsupported(`logs:${operation} of ${policyName}, which is a policy of the template`);
