import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';

export const groupName = z
  .string()
  .regex(/^[\w.\-/#]{1,512}$/, 'a log group name holds a-z A-Z 0-9 _ - / . #');
export const streamName = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[^:*]*$/, 'a log stream name holds no : and no *');

const GROUP_ARN = /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)(:\*)?$/;

/** The operations that read take a group's name, its ARN as an identifier, or both. */
export const groupReference = z
  .object({ logGroupName: z.string().optional(), logGroupIdentifier: z.string().optional() })
  .transform(
    ({ logGroupName, logGroupIdentifier = '' }) =>
      logGroupName ?? GROUP_ARN.exec(logGroupIdentifier)?.[1] ?? logGroupIdentifier,
  );

/** @throws InvalidParameterException that names what was wrong */
export function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new AwsError('InvalidParameterException', problems.join('; '));
}

/** A page of a list that is in memory; the token is the place of the next item. */
export function page<T>(items: readonly T[], limit: number, nextToken: string | undefined) {
  const from = nextToken === undefined ? 0 : Number(nextToken);
  if (!Number.isSafeInteger(from) || from < 0)
    throw new AwsError(
      'InvalidParameterException',
      `nextToken ${nextToken} is not one that this service gave out`,
    );
  const next = from + limit;
  return { items: items.slice(from, next), ...(next < items.length && { nextToken: String(next) }) };
}
