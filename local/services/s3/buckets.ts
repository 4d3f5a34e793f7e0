import * as z from 'zod';
import { unsupported } from '../../core/aws-error.ts';
import type { Provisioned, Resource } from '../../core/cloud.ts';
import { inert, keyId, tagList } from '../../core/forms.ts';
import { resourceType } from '../../core/gate.ts';
import { templateBoolean } from '../../core/input.ts';
import type { Bucket, LifecycleRule, State } from './tables.ts';

const days = z.coerce.number().int().min(1);

const ACTIONS = [
  'ExpirationInDays',
  'NoncurrentVersionExpiration',
  'AbortIncompleteMultipartUpload',
  'ExpiredObjectDeleteMarker',
] as const;

const ruleSchema = z
  .strictObject({
    Id: z.string().max(255).optional(),
    Status: z.enum(['Enabled', 'Disabled']),
    Prefix: z.string().max(1024).default(''),
    ExpirationInDays: days.optional(),
    NoncurrentVersionExpiration: z
      .strictObject({
        NoncurrentDays: days,
        NewerNoncurrentVersions: z.coerce.number().int().min(1).max(100).optional(),
      })
      .optional(),
    AbortIncompleteMultipartUpload: z.strictObject({ DaysAfterInitiation: days }).optional(),
    ExpiredObjectDeleteMarker: templateBoolean.optional(),
  })
  .refine((rule) => ACTIONS.some((action) => rule[action] !== undefined), 'the rule has no action')
  .refine(
    (rule) => rule.ExpiredObjectDeleteMarker === undefined || rule.ExpirationInDays === undefined,
    'ExpiredObjectDeleteMarker and ExpirationInDays exclude each other: leave one out',
  );

const rulesSchema = z
  .array(ruleSchema)
  .min(1)
  .max(1000)
  .refine((rules) => {
    const ids = rules.flatMap(({ Id }) => Id ?? []);
    return new Set(ids).size === ids.length;
  }, 'two rules have one Id: give each its own');

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
const BUCKET_NAME = /^[a-z0-9](?!.*(?:\.\.|\.-|-\.))[a-z0-9.-]{1,61}[a-z0-9]$/;
const RESERVED_NAME =
  /^(?:\d+\.\d+\.\d+\.\d+$|xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

function isBucketName(name: string): boolean {
  return BUCKET_NAME.test(name) && !RESERVED_NAME.test(name);
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html
const encryptionRule = z.strictObject({
  BucketKeyEnabled: templateBoolean.optional(),
  ServerSideEncryptionByDefault: z
    .strictObject({
      SSEAlgorithm: z.enum(['AES256', 'aws:kms', 'aws:kms:dsse']),
      KMSMasterKeyID: keyId.optional(),
    })
    .refine(
      ({ SSEAlgorithm, KMSMasterKeyID }) => SSEAlgorithm !== 'AES256' || KMSMasterKeyID === undefined,
      'a KMSMasterKeyID goes with aws:kms, and not with AES256',
    )
    .optional(),
});
const ownership = z.enum(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter']);

const bucketSchema = z.strictObject({
  BucketName: z.string().refine(isBucketName, 'is not a name that S3 takes').optional(),
  VersioningConfiguration: z.strictObject({ Status: z.literal('Enabled') }).optional(),
  LifecycleConfiguration: z.strictObject({ Rules: rulesSchema }).optional(),
  NotificationConfiguration: z
    .strictObject({
      EventBridgeConfiguration: z.strictObject({
        EventBridgeEnabled: templateBoolean.pipe(z.literal(false)),
      }),
    })
    .optional(),
  // There is no disk to encrypt and no public to keep out.
  BucketEncryption: inert(
    z.strictObject({ ServerSideEncryptionConfiguration: z.array(encryptionRule).length(1) }),
  ),
  LoggingConfiguration: inert(
    z.strictObject({
      DestinationBucketName: z.string().optional(),
      LogFilePrefix: z.string().optional(),
    }),
  ),
  OwnershipControls: inert(
    z.strictObject({ Rules: z.array(z.strictObject({ ObjectOwnership: ownership })).length(1) }),
  ),
  PublicAccessBlockConfiguration: inert(
    z.strictObject({
      BlockPublicAcls: templateBoolean.optional(),
      BlockPublicPolicy: templateBoolean.optional(),
      IgnorePublicAcls: templateBoolean.optional(),
      RestrictPublicBuckets: templateBoolean.optional(),
    }),
  ),
  Tags: inert(tagList),
});

/** AWS::S3::Bucket */
export const bucketType = (state: State) =>
  resourceType(bucketSchema, (properties, resource) => provision(state, properties, resource));

/** Makes a bucket, or brings the one of an earlier start up to date; its objects stay. */
async function provision(
  { buckets, cloud }: State,
  { BucketName, VersioningConfiguration, LifecycleConfiguration }: z.output<typeof bucketSchema>,
  { generatedName }: Resource,
): Promise<Provisioned> {
  const name = BucketName ?? generatedName.toLowerCase();
  const before = buckets.get(name);
  const versioned = VersioningConfiguration !== undefined;
  if (before?.versioned && !versioned)
    throw unsupported(`the suspended versioning of ${name}, which has versions: keep it enabled`);
  const bucket: Bucket = {
    name,
    created: before?.created ?? Date.now(),
    versioned,
    lifecycle: (LifecycleConfiguration?.Rules ?? []).flatMap(lifecycleOf),
  };
  await buckets.put(name, bucket);
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${cloud.region}.amazonaws.com`,
    },
  };
}

function lifecycleOf(rule: z.infer<typeof ruleSchema>): LifecycleRule[] {
  if (rule.Status !== 'Enabled') return [];
  return [
    {
      prefix: rule.Prefix,
      expirationDays: rule.ExpirationInDays,
      noncurrentDays: rule.NoncurrentVersionExpiration?.NoncurrentDays,
      newerNoncurrentVersions: rule.NoncurrentVersionExpiration?.NewerNoncurrentVersions,
      abortDays: rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
      expiredDeleteMarker: rule.ExpiredObjectDeleteMarker,
    },
  ];
}
