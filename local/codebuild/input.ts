import * as z from 'zod';
import { AwsError, unsupported } from '../aws-error.ts';

/**
 * Reads an operation's input.
 * @throws UnsupportedOperation for a member that the schema does not have, InvalidInputException for a wrong value
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const unknown = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : [],
  );
  if (unknown.length > 0) throw unsupported(`the members ${unknown.join(', ')} of this CodeBuild request`);
  throw new AwsError('InvalidInputException', z.prettifyError(parsed.error));
}
