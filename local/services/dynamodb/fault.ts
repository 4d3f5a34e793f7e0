import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';

// dynalite writes `Message` where DynamoDB does: in what its JSON reader refuses.
const fault = z.object({
  statusCode: z.number(),
  body: z.object({ __type: z.string(), message: z.string().optional(), Message: z.string().optional() }),
});

/**
 * dynalite's error as an error of this runtime; any other error unchanged.
 * @param item the item that failed the condition, for a caller who asked for it
 */
export function asAwsError(error: unknown, item?: unknown): unknown {
  const known = fault.safeParse(error).data;
  if (!known) return error;
  const { __type, message, Message = '' } = known.body;
  const code = __type.replace(/^.*#/, '');
  const members = code === 'ConditionalCheckFailedException' && item ? { Item: item } : {};
  return new AwsError(code, message ?? Message, known.statusCode, members);
}
