import * as z from 'zod';
import { inert, keyId, tagList } from '../../core/forms.ts';
import { templateBoolean } from '../../core/input.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
export const topicName = z.string().regex(/^[\w-]{1,256}$/, 'has 1 to 256 of A-Z a-z 0-9 _ -');

/** AWS::SNS::Topic */
export const topicSchema = z.strictObject({
  TopicName: topicName.optional(),
  DisplayName: z.string().max(100).optional(),
  SignatureVersion: z.enum(['1', '2']).optional(),
  Subscription: z
    .array(z.strictObject({ Endpoint: z.string(), Protocol: z.string() }).superRefine(checkEndpoint))
    .optional(),
  KmsMasterKeyId: inert(keyId),
  Tags: inert(tagList),
});

// What an endpoint of each protocol is: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
const ENDPOINTS: Readonly<Record<string, RegExp>> = {
  http: /^http:\/\/\S+$/,
  https: /^https:\/\/\S+$/,
  email: /^[^\s@]+@[^\s@]+$/,
  'email-json': /^[^\s@]+@[^\s@]+$/,
  sms: /^\+?[\d-]+$/,
  sqs: /^arn:[\w-]+:sqs:/,
  application: /^arn:[\w-]+:sns:/,
  lambda: /^arn:[\w-]+:lambda:/,
};

/** AWS::SNS::Subscription, whose filters and policies of delivery are refused by name. */
export const subscriptionSchema = z
  .strictObject({
    TopicArn: z.string().regex(/^arn:[\w-]+:sns:/, 'is no ARN of a topic'),
    Protocol: z.string(),
    Endpoint: z.string(),
    RawMessageDelivery: templateBoolean.optional(),
    RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string().regex(/^arn:[\w-]+:sqs:/) }).optional(),
  })
  .superRefine(checkEndpoint)
  .refine(
    ({ Protocol, RawMessageDelivery }) => RawMessageDelivery !== true || RAW.includes(Protocol),
    'the protocol does not support raw message delivery',
  );

// https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
const RAW = ['http', 'https', 'sqs'];

interface Subscribed {
  readonly Protocol: string;
  readonly Endpoint: string;
}

function checkEndpoint({ Protocol, Endpoint }: Subscribed, { addIssue }: z.core.$RefinementCtx): void {
  const form = Object.hasOwn(ENDPOINTS, Protocol) ? ENDPOINTS[Protocol] : undefined;
  if (!form) addIssue(`the protocol ${Protocol} is none of ${Object.keys(ENDPOINTS).join(', ')}`);
  else if (!form.test(Endpoint)) addIssue(`${Endpoint} is no endpoint of the protocol ${Protocol}`);
}
