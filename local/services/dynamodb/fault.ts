import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';

// dynalite writes `Message` where DynamoDB does: in what its JSON reader refuses.
const fault = z.object({
  statusCode: z.number(),
  body: z.object({ __type: z.string(), message: z.string().optional(), Message: z.string().optional() }),
});

/**
 * dynalite's error as this runtime's; any other is itself.
 * @param item what a refused condition was held against, for the caller who asked for it
 */
export function asAwsError(error: unknown, item?: unknown): unknown {
  const known = fault.safeParse(error).data;
  if (!known) return error;
  const { __type, message, Message = '' } = known.body;
  const code = __type.replace(/^.*#/, '');
  const members = code === 'ConditionalCheckFailedException' && item ? { Item: item } : {};
  return new AwsError(code, message ?? Message, known.statusCode, members);
}
