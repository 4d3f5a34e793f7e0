import * as z from 'zod';
import { inert, tagList } from '../../core/forms.ts';
import { identityDocument, trustDocument } from '../../core/iam/document.ts';
import { MAX_INLINE, MAX_TRUST, roleName } from './role.ts';

/** A policy's document as IAM counts it. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ofLength = (most: number) =>
  z
    .unknown()
    .refine(
      (document) => JSON.stringify(document ?? '').length <= most,
      `a policy has ${most} characters at most: cut it into several`,
    );

const names = z.array(z.string()).default([]);
const policyName = z.string().regex(/^[\w+=,.@-]{1,128}$/, 'has 1 to 128 letters, digits and + = , . @ -');
const path = z
  .string()
  .max(512)
  .regex(/^\/(?:[\x21-\x7e]+\/)?$/, 'begins and ends with a slash');
// No stack makes a user or a group.
const nobody = {
  Groups: z.array(z.string()).max(0).optional(),
  Users: z.array(z.string()).max(0).optional(),
};
export const roleSchema = z.strictObject({
  RoleName: roleName.optional(),
  AssumeRolePolicyDocument: ofLength(MAX_TRUST).pipe(trustDocument),
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  ManagedPolicyArns: names.pipe(z.array(z.string()).max(10)),
  Policies: z
    .array(z.strictObject({ PolicyName: policyName, PolicyDocument: identityDocument }))
    .refine(
      (all) => new Set(all.map(({ PolicyName }) => PolicyName)).size === all.length,
      'two policies of a role have one PolicyName: give each its own',
    )
    .default([]),
  Description: inert(
    z
      .string()
      .max(1000)
      .regex(/^[\t\n\r\x20-\x7e\u00a1-\u00ff]*$/, 'holds a letter that IAM does not take'),
  ),
  MaxSessionDuration: inert(z.coerce.number().int().min(3600).max(43_200)),
  Path: inert(path),
  PermissionsBoundary: inert(
    z.string().regex(/^arn:[\w-]+:iam::(?:\d{12}|aws):policy\/.+$/, 'is no ARN of a policy'),
  ),
  Tags: inert(
    tagList.refine(
      (tags) => new Set(tags.map(({ Key }) => Key.toLowerCase())).size === tags.length,
      'two tags have one Key: capitals do not part keys in IAM',
    ),
  ),
});
export const policySchema = z
  .strictObject({
    // The policies that stand in a role have this together.
    PolicyDocument: ofLength(MAX_INLINE).pipe(identityDocument),
    Roles: names,
    PolicyName: inert(policyName),
    ...nobody,
  })
  .refine(({ Roles }) => Roles.length > 0, 'the policy is of nobody: name a role');
export const managedPolicySchema = z.strictObject({
  PolicyDocument: ofLength(6144).pipe(identityDocument),
  Roles: names,
  Description: inert(z.string().max(1000)),
  ManagedPolicyName: inert(policyName),
  Path: inert(path),
  ...nobody,
});
