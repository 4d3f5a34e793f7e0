import * as z from 'zod';
import { positionSchema } from './recorded-deliveries.ts';

/** Where a page begins: in the table, among the executions and in the log of deliveries. */
const cursorSchema = z.object({
  /** absent when the table has been read to its end */
  place: positionSchema.optional(),
  token: z.string().optional(),
  /** the last row of the page before, so that the executions of its moment are told apart */
  last: z.object({ time: z.number(), arn: z.string() }).optional(),
  /** the time in ms to which the log has been read, and the last row of that time, `''` without one */
  log: z.object({ time: z.number(), id: z.string() }).optional(),
  /** whether most of what the page before read is hidden, so that more is read at once */
  sparse: z.boolean().optional(),
});

export type Cursor = z.infer<typeof cursorSchema>;

export const cursorText = (cursor: Cursor): string =>
  Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** @throws for a text that is not from a page */
export function parseCursor(cursor: string): Cursor {
  const parsed = cursorSchema.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  throw new Error(`the cursor ${cursor} is not from a page of this list: start without one`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
