import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';

/** The members of a request for a list. */
export const pageMembers = (most: number) => ({
  maxResults: z.number().int().min(1).max(most).default(Math.min(most, 100)),
  nextToken: z.string().min(1).max(2048).optional(),
});

/** An item of a list: no other item has its `place`, and `show` makes the item of the answer. */
export interface Listed {
  readonly place: string;
  show(): object;
}

/**
 * A page of a list as `member` of the answer. The token names the item that the next page begins with, so that items
 * that are added in front of it meanwhile move no page.
 * @throws InvalidNextTokenException
 */
export function page(
  member: string,
  items: Iterable<Listed>,
  { maxResults, nextToken }: { readonly maxResults: number; readonly nextToken?: string | undefined },
): object {
  const shown: object[] = [];
  let reached = nextToken === undefined;
  for (const item of items) {
    reached ||= item.place === nextToken;
    if (!reached) continue;
    if (shown.length === maxResults) return { [member]: shown, nextToken: item.place };
    shown.push(item.show());
  }
  if (!reached)
    throw new AwsError('InvalidNextTokenException', `the nextToken ${nextToken} is not one of this list`);
  return { [member]: shown };
}
