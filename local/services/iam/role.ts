import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Cloud, Provisioned } from '../../core/cloud.ts';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
export const MAX_TRUST = 2048;
export const MAX_INLINE = 10_240;

export const roleName = z.string().regex(/^[\w+=,.@-]{1,64}$/, 'holds 1 to 64 of A-Z a-z 0-9 _ + = , . @ -');

export const arnOf = ({ account }: Cloud, kind: 'role' | 'policy', name: string): string =>
  `arn:aws:iam::${account}:${kind}/${name}`;

export function role(
  cloud: Cloud,
  name: string,
): Provisioned & { attributes: { Arn: string; RoleId: string } } {
  const arn = arnOf(cloud, 'role', name);
  cloud.role(arn);
  const id = createHash('sha256').update(arn).digest('hex').slice(0, 16).toUpperCase();
  return { ref: name, attributes: { Arn: arn, RoleId: `AROA${id}` } };
}
