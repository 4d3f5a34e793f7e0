import * as z from 'zod';
import type { Cloud } from '../../core/cloud.ts';
import { resourceType } from '../../core/gate.ts';
import type { Statement } from '../../core/iam/document.ts';
import { findFunction, type Registry } from './names.ts';

const permissionSchema = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceAccount: z.string().optional(),
  SourceArn: z.string().optional(),
});

/** AWS::Lambda::Permission: a statement of the function's resource policy. */
export const permissionType = (registry: Registry, { policies }: Cloud) =>
  resourceType(
    permissionSchema,
    ({ Action, FunctionName, Principal, SourceAccount, SourceArn }, { generatedName }) => {
      const { arn } = findFunction(registry, FunctionName);
      const statement: Statement = {
        Effect: 'Allow',
        Action: [Action],
        Resource: [arn, `${arn}:*`],
        Principal: Principal.endsWith('.amazonaws.com') ? { Service: [Principal] } : { AWS: [Principal] },
        Condition: {
          ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': [SourceArn] } }),
          ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': [SourceAccount] } }),
        },
      };
      policies.resource(generatedName, [arn], [statement]);
      return { ref: generatedName };
    },
    ({ generatedName }) => policies.remove(generatedName),
  );
