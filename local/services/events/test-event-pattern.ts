import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { compilePattern } from '../../core/event-pattern/compile.ts';

export const testInput = z.strictObject({ EventPattern: z.string(), Event: z.string() });

// The API's page asks for `resources` too, and AWS takes an event without:
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html
const eventFields = z.looseObject({
  id: z.string(),
  account: z.string(),
  source: z.string(),
  time: z.string(),
  region: z.string(),
  'detail-type': z.union([z.string(), z.array(z.unknown())]),
});

/** @throws InvalidEventPatternException, ValidationException */
export function testEventPattern({ EventPattern, Event }: z.infer<typeof testInput>): { Result: boolean } {
  const matches = compilePattern(EventPattern);
  return { Result: matches(eventOf(Event)) };
}

function eventOf(text: string): unknown {
  try {
    return eventFields.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new AwsError('ValidationException', `Parameter Event is not valid. Reason: ${why}`);
  }
}
