import * as z from 'zod';

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
const MAX_ATTRIBUTES = 10;
const NAME = /^(?!aws\.|amazon\.|\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i;
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

const attribute = z
  .strictObject({
    DataType: z
      .string()
      .max(256)
      .regex(/^(String|Number|Binary)(\.|$)/, 'the type is String, Number or Binary'),
    StringValue: z.string().min(1).optional(),
    BinaryValue: z.string().min(1).optional(),
  })
  .refine(
    ({ DataType, StringValue, BinaryValue }) =>
      DataType.startsWith('Binary')
        ? BinaryValue !== undefined && StringValue === undefined
        : StringValue !== undefined && BinaryValue === undefined,
    'a Binary has a BinaryValue, any other type a StringValue',
  )
  .refine(
    ({ DataType, StringValue = '' }) => !DataType.startsWith('Number') || NUMBER.test(StringValue),
    'the StringValue is no number',
  );

/** The attributes that a sender gives a message. */
export const messageAttributes = z
  .record(z.string().regex(NAME, 'SQS takes no such name of an attribute'), attribute)
  .refine(
    (given) => Object.keys(given).length <= MAX_ATTRIBUTES,
    `a message has at most ${MAX_ATTRIBUTES} attributes`,
  )
  .default({});
