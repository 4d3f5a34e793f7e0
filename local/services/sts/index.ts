import * as z from 'zod';
import type { Call, Cloud, Service } from '../../core/cloud.ts';
import { operation } from '../../core/gate.ts';

const noMembers = z.strictObject({});
const ROLE_SECONDS = 3_600;
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
const [MIN_SECONDS, MAX_SECONDS] = [900, 43_200];
const roleSchema = z.strictObject({
  RoleArn: z.string(),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/),
  DurationSeconds: z.coerce.number().int().min(MIN_SECONDS).max(MAX_SECONDS).default(ROLE_SECONDS),
});

/** Security Token Service: says who calls, and hands out a role's credentials. */
export function stsService(cloud: Cloud): Service {
  return {
    name: 'sts',
    query: true,
    invalidInput: 'ValidationError',
    operations: {
      GetCallerIdentity: operation(noMembers, (_, call) => callerIdentity(cloud, call)),
      AssumeRole: operation(roleSchema, (input) => assumeRole(cloud, input)),
    },
    resources: {},
  };
}

function callerIdentity({ account }: Cloud, { principal }: Call): object {
  return { Account: account, Arn: principal.arn, UserId: principal.accessKeyId };
}

function assumeRole(
  cloud: Cloud,
  { RoleArn, RoleSessionName, DurationSeconds }: z.infer<typeof roleSchema>,
): object {
  const { accessKeyId } = cloud.role(RoleArn);
  return {
    Credentials: credentials(cloud, RoleArn, DurationSeconds),
    AssumedRoleUser: {
      Arn: `${RoleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${RoleSessionName}`,
      AssumedRoleId: `${accessKeyId}:${RoleSessionName}`,
    },
  };
}

function credentials(cloud: Cloud, arn: string, seconds: number): object {
  const { accessKeyId, secretAccessKey, sessionToken } = cloud.session(arn);
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: new Date(Date.now() + seconds * 1000),
  };
}
