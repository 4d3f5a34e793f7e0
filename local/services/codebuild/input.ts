import type * as z from 'zod';
import { parseStrictly } from '../../core/input.ts';

/**
 * Reads an operation's input.
 * @throws UnsupportedOperation for a member that the schema does not have, InvalidInputException for a wrong value
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  return parseStrictly(schema, input, 'this CodeBuild request', 'InvalidInputException');
}
