import * as z from 'zod';
import { AwsError, unsupported } from './aws-error.ts';

/**
 * Reads an operation's input or a resource's properties by a strict schema, so that what is not carried out is not
 * dropped either.
 * @param of what has the members: `this CodeBuild request`
 * @param code of the error for a wrong value
 * @throws UnsupportedOperation for a member that the schema does not have
 */
export function parseStrictly<T>(
  schema: z.ZodType<T>,
  input: unknown,
  of: string,
  code = 'ValidationException',
): T {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const unknown = unknownMembers(parsed.error);
  if (unknown.length > 0) throw unsupported(`the members ${unknown.join(', ')} of ${of}`);
  throw new AwsError(code, z.prettifyError(parsed.error));
}

/** The members of an input that its schema does not have, with the path to each. */
export function unknownMembers({ issues }: z.ZodError): string[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key].join('.')) : [],
  );
}
