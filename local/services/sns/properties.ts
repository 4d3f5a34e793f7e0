import * as z from 'zod';
import { inert, tagList } from '../../core/forms.ts';
import { withoutEffect } from '../../core/gate.ts';
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
  ...withoutEffect('KmsMasterKeyId'),
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
  firehose: /^arn:[\w-]+:firehose:/,
};

/** AWS::SNS::Subscription */
export const subscriptionSchema = z
  .strictObject({
    TopicArn: z.string().regex(/^arn:[\w-]+:sns:/, 'is no ARN of a topic'),
    Protocol: z.string(),
    Endpoint: z.string(),
    FilterPolicy: z.record(z.string(), z.unknown()).optional(),
    FilterPolicyScope: z.enum(['MessageAttributes', 'MessageBody']).optional(),
    RawMessageDelivery: templateBoolean.optional(),
    RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string().regex(/^arn:[\w-]+:sqs:/) }).optional(),
    ...withoutEffect('DeliveryPolicy', 'Region', 'SubscriptionRoleArn'),
  })
  .superRefine(checkEndpoint);

interface Subscribed {
  readonly Protocol: string;
  readonly Endpoint: string;
}

function checkEndpoint({ Protocol, Endpoint }: Subscribed, { addIssue }: z.core.$RefinementCtx): void {
  const form = Object.hasOwn(ENDPOINTS, Protocol) ? ENDPOINTS[Protocol] : undefined;
  if (!form) addIssue(`the protocol ${Protocol} is none of ${Object.keys(ENDPOINTS).join(', ')}`);
  else if (!form.test(Endpoint)) addIssue(`${Endpoint} is no endpoint of the protocol ${Protocol}`);
}
