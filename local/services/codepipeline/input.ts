import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { parseStrictly } from '../../core/input.ts';

/** The name of a pipeline, a stage or an action. */
export const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9.@_-]{1,100}$/, 'is not a name of 1 to 100 of A-Za-z0-9.@_-');

/** Without the bounds of AWS's own format, as an id that is not one is one that does not exist. */
export const idSchema = z.string().min(1).max(100);

/**
 * Reads an operation's input.
 * @throws UnsupportedOperation for a member that the schema does not have, ValidationException for a wrong value
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  return parseStrictly(schema, input, 'this CodePipeline request');
}

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
