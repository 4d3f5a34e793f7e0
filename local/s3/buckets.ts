import { z } from 'zod';
import { unsupported } from '../aws-error.ts';
import type { Provisioned, Resource } from '../cloud.ts';
import type { LifecycleRule, State } from './state.ts';

const ruleSchema = z.strictObject({
  Id: z.string().optional(),
  Status: z.enum(['Enabled', 'Disabled']),
  Prefix: z.string().default(''),
  ExpirationInDays: z.coerce.number().optional(),
  NoncurrentVersionExpiration: z
    .strictObject({
      NoncurrentDays: z.coerce.number(),
      NewerNoncurrentVersions: z.coerce.number().optional(),
    })
    .optional(),
  AbortIncompleteMultipartUpload: z.strictObject({ DaysAfterInitiation: z.coerce.number() }).optional(),
  ExpiredObjectDeleteMarker: z.coerce.boolean().optional(),
});

const bucketSchema = z.strictObject({
  BucketName: z.string().optional(),
  VersioningConfiguration: z.looseObject({ Status: z.string() }).optional(),
  LifecycleConfiguration: z.strictObject({ Rules: z.array(ruleSchema) }).optional(),
  // What these say has no effect on one machine: there is no disk to encrypt and no public to keep out.
  BucketEncryption: z.unknown().optional(),
  PublicAccessBlockConfiguration: z.unknown().optional(),
  OwnershipControls: z.unknown().optional(),
  LoggingConfiguration: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

/** Makes a bucket, or brings the one of an earlier start up to date; its objects stay. */
export async function provisionBucket(
  { buckets, cloud }: State,
  { properties, generatedName, logicalId }: Resource,
): Promise<Provisioned> {
  const parsed = bucketSchema.safeParse(properties);
  if (!parsed.success) throw unsupported(`the bucket ${logicalId}: ${z.prettifyError(parsed.error)}`);
  const { BucketName, VersioningConfiguration, LifecycleConfiguration } = parsed.data;
  const name = BucketName ?? generatedName.toLowerCase();
  await buckets.put(name, {
    name,
    created: buckets.get(name)?.created ?? Date.now(),
    versioned: VersioningConfiguration?.Status === 'Enabled',
    lifecycle: (LifecycleConfiguration?.Rules ?? []).flatMap(lifecycleOf),
  });
  const domain = `${name}.s3.amazonaws.com`;
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: domain,
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
