import * as z from 'zod';
import { type PageKey, pageToken } from '../../../core/paging.ts';

const MAX_RESULTS = 1000;
const DEFAULT_RESULTS = 100;

/** The members of a request for a list whose keys have this shape; 0 results stand for the default. */
export const paging = <K extends z.ZodType<PageKey>>(key: K) => ({
  maxResults: z
    .number()
    .int()
    .min(0)
    .max(MAX_RESULTS)
    .default(0)
    .transform((given) => given || DEFAULT_RESULTS),
  nextToken: pageToken(key, 'InvalidToken').optional(),
});
