import { AwsError } from '../../../core/aws-error.ts';

/** How Step Functions refuses a definition. */
export const invalidDefinition = (message: string): AwsError =>
  new AwsError('InvalidDefinition', `invalid definition: ${message}`);
