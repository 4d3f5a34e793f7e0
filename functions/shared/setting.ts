import type * as z from 'zod';
import { errors, HooklineError } from './errors.ts';

/** The environment variable `name`. Throws `Misconfigured` when the function was deployed without it. */
export function environment(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new HooklineError(
      errors.misconfigured,
      `environment variable ${name} is not set; deploy the stack again`,
    );
  return value;
}

/**
 * A setting's text parsed as JSON of `schema`. Throws `Misconfigured`, which says where it is wrong and never holds
 * the text: it may be a secret, and JSON.parse quotes what it could not read.
 */
export function parseSetting<S extends z.ZodType>(
  name: string,
  text: string | undefined,
  schema: S,
): z.infer<S> {
  const parsed = schema.safeParse(json(name, text));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the value'}: ${message}`,
  );
  throw new HooklineError(
    errors.misconfigured,
    `${name} is not as it should be; change ${issues.join(', ')}`,
  );
}

function json(name: string, text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new HooklineError(
      errors.misconfigured,
      `${name} is not JSON; write an object with a member per host`,
    );
  }
}
