import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';

/** The members of a list request; 0 results stands for the default. */
export const paging = {
  maxResults: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .transform((given) => given || 100),
  nextToken: z.string().optional(),
};

/** A token that says where the next page begins. */
export function tokenOf(place: (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

const place = z.array(z.union([z.string(), z.number()]));

/** @throws AwsError InvalidToken */
export function placeOf(token: string): (string | number)[] {
  try {
    return place.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch {
    throw new AwsError('InvalidToken', `invalid token: '${token}' was not given by this list`);
  }
}
