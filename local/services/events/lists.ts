import * as z from 'zod';
import { nameToken } from '../../core/paging.ts';

const MAX_PAGE = 100;

/** The members that every request for a list has. */
export const pageMembers = {
  Limit: z.number().int().min(1).max(MAX_PAGE).default(MAX_PAGE),
  NextToken: nameToken.optional(),
};
