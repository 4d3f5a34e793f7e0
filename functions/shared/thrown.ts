import * as z from 'zod';

const thrownSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

/** What a cause says: the message that a function threw, or the cause itself. */
export function messageOf(cause: string): string {
  const thrown = thrownSchema.safeParse(parsed(cause));
  return thrown.success ? thrown.data.errorMessage : cause;
}

/** A cause as JSON; undefined for one that is none. */
export function parsed(cause: string): unknown {
  try {
    return JSON.parse(cause);
  } catch {
    return undefined;
  }
}
