import * as z from 'zod';

/**
 * A member that changes nothing on this machine, in the form that AWS asks of it. docs/local.md lists such members with
 * those of `withoutEffect`.
 */
export const inert = <S extends z.ZodType>(schema: S): z.ZodOptional<S> =>
  schema.optional().meta({ withoutEffect: true });

// https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
const MAX_TAGS = 50;
const key = z
  .string()
  .min(1)
  .max(128)
  .refine(
    (name) => !name.toLowerCase().startsWith('aws:'),
    'begins with aws:, which is for tags of AWS’s own',
  );
const value = z.string().max(256);

/** `[{ Key, Value }]`, as most resources have them. */
export const tagList = z
  .array(z.strictObject({ Key: key, Value: value }))
  .max(MAX_TAGS)
  .refine(
    (tags) => new Set(tags.map((tag) => tag.Key)).size === tags.length,
    'two tags have one Key: leave one out',
  );

/** `{ key: value }` */
export const tagMap = z
  .record(key, value)
  .refine((tags) => Object.keys(tags).length <= MAX_TAGS, `has over ${MAX_TAGS} tags`);

// https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
const KEY_ID = String.raw`(?:[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}|mrk-[\da-f]{32})`;
const ALIAS = String.raw`alias\/[\w/-]+`;
const KEY_ARN = String.raw`arn:[\w-]+:kms:[\w-]+:\d{12}:(?:key\/[\w-]+|${ALIAS})`;

/** A key of KMS, by its id, ARN or alias; an empty one is AWS's own. Whether the key is there is not known here. */
export const keyId = z
  .string()
  .max(2048)
  .regex(
    new RegExp(`^(?:${KEY_ID}|${ALIAS}|${KEY_ARN})?$`),
    'is no key of KMS: expected its id, its ARN or alias/NAME',
  );

/** A key of KMS by its ARN; an empty one is AWS's own. */
export const keyArn = z
  .string()
  .max(2048)
  .regex(new RegExp(`^(?:${KEY_ARN})?$`), 'is no ARN of a key of KMS');

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
const SIZES = [
  'Bytes',
  'Kilobytes',
  'Megabytes',
  'Gigabytes',
  'Terabytes',
  'Bits',
  'Kilobits',
  'Megabits',
  'Gigabits',
  'Terabits',
  'Count',
];
const UNITS: readonly string[] = [
  'Seconds',
  'Microseconds',
  'Milliseconds',
  'Percent',
  'None',
  ...SIZES,
  ...SIZES.map((size) => `${size}/Second`),
];

/** The unit of a metric. */
export const unit = z
  .string()
  .refine((name) => UNITS.includes(name), 'is no unit of CloudWatch, such as Count');
