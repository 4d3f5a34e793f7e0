import * as z from 'zod';
import type { Cloud, Provisioned } from '../../core/cloud.ts';
import { LOG_GROUPS } from '../../core/iam/decide.ts';
import { documentText, resourceDocument } from '../../core/iam/document.ts';
import type { Tables } from './tables.ts';

/** The document is JSON in a text, unlike those of other services. */
export const policyText = z.string().max(5120).pipe(documentText(resourceDocument));

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
  templatePolicies.add(PolicyName);
  registerPolicy(cloud, PolicyName, PolicyDocument);
  return { ref: PolicyName };
}

export function removePolicy(cloud: Cloud, { templatePolicies }: Tables, { ref }: Provisioned): void {
  templatePolicies.delete(ref);
  unregisterPolicy(cloud, ref);
}

const idOf = (name: string): string => `logs-policy/${name}`;
