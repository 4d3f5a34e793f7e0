import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';

export const groupName = z
  .string()
  .regex(
    /^(?!aws\/)[\w.\-/#]{1,512}$/,
    'a log group name holds a-z A-Z 0-9 _ - / . #, and does not begin with aws/',
  );
export const streamName = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[^:*]*$/, 'a log stream name holds no : and no *');

/** The members by which an operation that reads is told of a group: its name, or its name or ARN as an identifier. */
export const groupMembers = {
  logGroupName: z.string().optional(),
  logGroupIdentifier: z.string().optional(),
};

interface GroupReference {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

const GROUP_ARN = /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)(:\*)?$/;

/** @throws InvalidParameterException for both members, and for none */
export function groupNameOf({ logGroupName, logGroupIdentifier }: GroupReference): string {
  const given = logGroupName ?? logGroupIdentifier;
  if (given === undefined || (logGroupName !== undefined && logGroupIdentifier !== undefined))
    throw new AwsError(
      'InvalidParameterException',
      'a request names its log group by either logGroupName or logGroupIdentifier',
    );
  return logGroupName ?? GROUP_ARN.exec(given)?.[1] ?? given;
}
