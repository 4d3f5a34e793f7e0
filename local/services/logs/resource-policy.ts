import * as z from 'zod';
import type { Cloud, Provisioned } from '../../core/cloud.ts';
import { LOG_GROUPS } from '../../core/iam/decide.ts';
import { policyDocument } from '../../core/iam/document.ts';

/** The document is JSON in a text, unlike those of other services. */
const documentText = z
  .string()
  .max(5120)
  .transform((text, { addIssue }) => {
    try {
      return JSON.parse(text);
    } catch {
      addIssue('PolicyDocument is not JSON');
      return z.NEVER;
    }
  })
  .pipe(policyDocument);

export const policyProperties = z.strictObject({
  PolicyName: z.string().min(1),
  PolicyDocument: documentText,
});

/** Says who besides the account's roles may write to the account's log groups; each statement names its own. */
export function provisionPolicy(
  { policies }: Cloud,
  { PolicyName, PolicyDocument }: z.infer<typeof policyProperties>,
): Provisioned {
  policies.resource(idOf(PolicyName), [LOG_GROUPS], PolicyDocument);
  return { ref: PolicyName };
}

export const removePolicy = ({ policies }: Cloud, { ref }: Provisioned): void => policies.remove(idOf(ref));

const idOf = (name: string): string => `logs-policy/${name}`;
