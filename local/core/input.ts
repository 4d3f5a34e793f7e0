import * as z from 'zod';
import { AwsError, unsupported } from './aws-error.ts';
import type { Service } from './cloud.ts';

/** A boolean of a template, which CloudFormation takes as a text, too. */
export const templateBoolean = z.union([
  z.boolean(),
  z.enum(['true', 'false']).transform((value) => value === 'true'),
]);

/**
 * Reads an input or a resource's properties by a strict schema, so that nothing is dropped that is not carried out.
 * @param of what has the members: `sqs:SendMessage`
 * @param codes of the errors for a wrong value that has none of its own, and for a member that is missing
 * @throws UnsupportedOperation for a member that the schema does not have
 */
export function parseStrictly<S extends z.ZodType>(
  schema: S,
  input: unknown,
  of: string,
  { invalidInput = 'ValidationException', missingInput = invalidInput }: ErrorCodes = {},
): z.output<S> {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const unknown = unknownMembers(parsed.error.issues);
  if (unknown.length > 0) throw unsupported(`the members ${unknown.join(', ')} of ${of}`);
  const code = parsed.error.issues.every((issue) => isMissing(issue, input)) ? missingInput : invalidInput;
  throw new AwsError(ownCode(parsed.error.issues) ?? code, z.prettifyError(parsed.error));
}

type ErrorCodes = Pick<Service, 'invalidInput' | 'missingInput'>;

/** Whether the input lacks a member that it must have. */
const isMissing = ({ path: [name = '', ...rest] }: z.core.$ZodIssue, input: unknown): boolean =>
  rest.length === 0 && !(typeof input === 'object' && input !== null && Object.hasOwn(input, name));

/** The error code that a value of the input has for itself. */
function ownCode(issues: readonly z.core.$ZodIssue[]): string | undefined {
  const codes = issues.map((issue) => (issue.code === 'custom' ? issue.params?.awsCode : undefined));
  return codes.find((code) => typeof code === 'string');
}

/** The members of an input that its schema does not have, with the path to each; in a union, of its nearest option. */
export function unknownMembers(
  issues: readonly z.core.$ZodIssue[],
  path: readonly PropertyKey[] = [],
): string[] {
  return issues.flatMap((issue) => {
    const at = [...path, ...issue.path];
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...at, key].join('.'));
    if (issue.code !== 'invalid_union') return [];
    const nearest = issue.errors.find((option) => option.every(({ code }) => code === 'unrecognized_keys'));
    return unknownMembers(nearest ?? [], at);
  });
}
