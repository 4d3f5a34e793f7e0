import * as z from 'zod';
import type { Cloud } from '../../core/cloud.ts';
import { resourceType } from '../../core/gate.ts';
import type { Statement } from '../../core/iam/document.ts';
import { isServicePrincipal } from '../../core/iam/service-principals.ts';
import { findFunction, type Registry } from './names.ts';

const OTHER_PRINCIPAL = /^(?:\*|\d{12}|arn:\S+)$/;

// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
const permissionSchema = z.strictObject({
  Action: z.string().regex(/^(?:lambda:(?:\*|[a-zA-Z]+)|\*)$/, 'expected lambda:Action'),
  FunctionName: z.string(),
  Principal: z
    .string()
    .refine(
      (name) => OTHER_PRINCIPAL.test(name) || isServicePrincipal(name),
      'expected a service, an account or an ARN',
    ),
  SourceAccount: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  SourceArn: z
    .string()
    .regex(/^arn:(?:[^:\s]*:){4}\S+$/, 'expected an ARN')
    .optional(),
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
