import * as z from 'zod';

const answeredSchema = z.object({ status: z.number() });

/** The HTTP status that an error of a host's client bears; 0 for any other error. */
export const statusOf = (error: unknown): number => answeredSchema.safeParse(error).data?.status ?? 0;
