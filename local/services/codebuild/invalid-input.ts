import { AwsError } from '../../core/aws-error.ts';

/** What CodeBuild answers to a request that it refuses. */
export const invalidInput = (message: string): AwsError => new AwsError('InvalidInputException', message);

/** The first name that a list has more than once. */
export function repeated(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}
