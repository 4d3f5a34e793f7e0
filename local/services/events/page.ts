import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';

const MAX_PAGE = 100;
const pageInput = z.object({
  Limit: z.number().int().min(1).max(MAX_PAGE).default(MAX_PAGE),
  NextToken: z.string().optional(),
});

/** A page of a list that is in memory; the token is the place of the next item. */
export function page<T>(items: readonly T[], input: unknown): { items: readonly T[]; NextToken?: string } {
  const { Limit, NextToken = '0' } = pageInput.parse(input);
  const from = Number(NextToken);
  if (!Number.isSafeInteger(from) || from < 0)
    throw new AwsError('ValidationException', `NextToken ${NextToken} is not one that this service gave out`);
  const next = from + Limit;
  return { items: items.slice(from, next), ...(next < items.length && { NextToken: String(next) }) };
}

/** Milliseconds since 1970 as AWS's JSON has them: seconds. */
export function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
