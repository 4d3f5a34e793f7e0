import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';

/** The name in the ARN of a log group, `arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/x`. */
export const logGroupOf = (arn: string): string => arn.split(':')[6] ?? '';

const PLACEHOLDER = /"(?:[^"\\]|\\[\s\S])*"|<[^<>"\s]+>/g;
const templateSchema = z.strictObject({ timestamp: z.unknown(), message: z.string() });

interface Given {
  readonly Arn: string;
  readonly RoleArn?: string | undefined;
  readonly Input?: string | undefined;
  readonly InputPath?: string | undefined;
  readonly InputTransformer?: { readonly InputTemplate: string } | undefined;
}

/**
 * A log group takes the whole event, or what a template makes of it in this one form; it has no role.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
 * @throws ValidationException
 */
export function checkLogTarget({ Arn, RoleArn, Input, InputPath, InputTransformer }: Given): void {
  if (RoleArn !== undefined) throw invalid(`RoleArn is not supported for target ${Arn}.`);
  if (Input !== undefined || InputPath !== undefined)
    throw invalid(`the target ${Arn} takes no Input and no InputPath: write an InputTransformer`);
  if (InputTransformer && !isLogTemplate(InputTransformer.InputTemplate))
    throw invalid(`the InputTemplate for ${Arn} must be {"timestamp": <time>, "message": "…"}`);
}

/** Whether a template is of that form. A placeholder outside of quotes may become a text. */
function isLogTemplate(template: string): boolean {
  const filled = template.replace(PLACEHOLDER, (piece) => (piece.startsWith('"') ? piece : '"text"'));
  return templateSchema.safeParse(jsonOf(filled)).success;
}

const eventSchema = z.strictObject({
  timestamp: z.union([z.number(), z.iso.datetime().transform(Date.parse)]),
  message: z.string().min(1),
});

/** @throws InvalidParameterException for what is not a log event once the placeholders are filled in: it is not retried */
export function logEventOf(input: string, isTransformed: boolean): { timestamp: number; message: string } {
  if (!isTransformed) return { timestamp: Date.now(), message: input };
  const parsed = eventSchema.safeParse(jsonOf(input));
  if (parsed.success) return parsed.data;
  throw new AwsError('InvalidParameterException', `not a log event: ${input}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
