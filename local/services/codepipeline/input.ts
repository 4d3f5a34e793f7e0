import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';

/** The name of a pipeline, a stage or an action. */
export const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9.@_-]{1,100}$/, 'is not a name of 1 to 100 of A-Za-z0-9.@_-');

/** An id of any form: a text that is no id is the id of nothing. */
export const idSchema = z.string().min(1).max(100);

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
