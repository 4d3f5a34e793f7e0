import type * as z from 'zod';
import { errors, HooklineError } from './errors.ts';

// An event of the bus holds at most 1 MB, so no body that came by it is larger.
const MAX_BODY_BYTES = 1024 * 1024;

/** Outside data as `schema`. Throws `Malformed`, which says where it is wrong and does not quote it: nothing is verified yet. */
export function readAs<S extends z.ZodType>(what: string, data: unknown, schema: S): z.infer<S> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'it'}: ${message.replace(/^Invalid input: /, '')}`,
  );
  throw new HooklineError(errors.malformed, `${what} is not as it should be; ${issues.join(', ')}`);
}

/** Throws `Malformed` for a body that is not exactly the base64 of some bytes, or of too many. */
export function checkBody(body: string): void {
  if (body.length > Math.ceil(MAX_BODY_BYTES / 3) * 4)
    throw new HooklineError(
      errors.malformed,
      `the body has ${body.length} characters of base64, an event holds ${MAX_BODY_BYTES} bytes; send a smaller one`,
    );
  // Node decodes what it can of anything: only what comes back the same was base64.
  if (Buffer.from(body, 'base64').toString('base64') !== body)
    throw new HooklineError(
      errors.malformed,
      'the body is not base64 with its padding; pass the raw bytes on as the door encodes them',
    );
}
