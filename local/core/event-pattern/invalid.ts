import { AwsError } from '../aws-error.ts';

/** @param reason in the words of AWS's own matcher (event-ruler), so that a rule fails here as it does there */
export function invalidPattern(reason: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}
