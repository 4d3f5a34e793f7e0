import * as z from 'zod';
import type { Call, Cloud, Service } from '../../core/cloud.ts';
import { parseStrictly } from '../../core/input.ts';

const assumeRoleSchema = z.strictObject({
  RoleArn: z.string(),
  RoleSessionName: z.string(),
  DurationSeconds: z.coerce.number().default(3600),
});

/** Security Token Service: says who calls, and hands out a role's credentials. */
export function stsService(cloud: Cloud): Service {
  return {
    name: 'sts',
    query: true,
    resources: {},
    operations: {
      GetCallerIdentity: (_input, call) => ({
        Account: cloud.account,
        Arn: call.principal.arn,
        UserId: call.principal.accessKeyId,
      }),
      AssumeRole: (input) => assumeRole(cloud, input),
      GetSessionToken: (_input, call) => ({ Credentials: credentials(call.principal.accessKeyId, 43_200) }),
    },
  };
}

function assumeRole(cloud: Cloud, input: unknown): object {
  const { RoleArn, RoleSessionName, DurationSeconds } = parseStrictly(
    assumeRoleSchema,
    input,
    'this STS request',
  );
  const { accessKeyId } = cloud.role(RoleArn);
  return {
    Credentials: credentials(accessKeyId, DurationSeconds),
    AssumedRoleUser: {
      Arn: `${RoleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${RoleSessionName}`,
      AssumedRoleId: `${accessKeyId}:${RoleSessionName}`,
    },
  };
}

function credentials(accessKeyId: Call['principal']['accessKeyId'], seconds: number): object {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: 'local',
    SessionToken: 'local',
    Expiration: new Date(Date.now() + seconds * 1000),
  };
}
