import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import { resourceType } from '../../core/gate.ts';
import { resourceDocument, type Statement } from '../../core/iam/document.ts';

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
const MAX_BYTES = 20 * 1024;

const OF_BUCKET = [
  'GetBucketLocation',
  'GetBucketVersioning',
  'ListBucket',
  'ListBucketMultipartUploads',
  'ListBucketVersions',
];
const OF_OBJECT = [
  'AbortMultipartUpload',
  'DeleteObject',
  'DeleteObjectVersion',
  'GetObject',
  'GetObjectVersion',
  'ListMultipartUploadParts',
  'PutObject',
];
const WILD = /[*?]/;

/** AWS::S3::BucketPolicy: whom it denies what; every caller here is of the one account. */
export const policyType = ({ policies }: Cloud) =>
  resourceType(
    z.strictObject({ Bucket: z.string(), PolicyDocument: resourceDocument }),
    ({ Bucket, PolicyDocument }, { generatedName, properties }) => {
      const bytes = Buffer.byteLength(JSON.stringify(properties.PolicyDocument));
      if (bytes > MAX_BYTES)
        throw new AwsError('PolicyTooLarge', `the policy has ${bytes} bytes, and may have ${MAX_BYTES}`);
      for (const statement of PolicyDocument) checkStatement(Bucket, statement);
      policies.resource(generatedName, [`arn:aws:s3:::${Bucket}`], PolicyDocument);
      return { ref: generatedName };
    },
    ({ generatedName }) => policies.remove(generatedName),
  );

/** @throws MalformedPolicy for what S3 refuses; UnsupportedOperation for an action of S3 that nothing here asks for */
function checkStatement(bucket: string, { Action = [], Resource = [] }: Statement): void {
  const malformed = (message: string): AwsError => new AwsError('MalformedPolicy', message);
  const foreign = Resource.find((resource) => !isOf(bucket, resource));
  if (foreign !== undefined)
    throw malformed(`Policy has invalid resource: ${foreign} is nothing of the bucket ${bucket}`);
  for (const action of Action.filter((each) => each !== '*')) {
    const [, name = ''] = /^s3:(.+)$/i.exec(action) ?? [];
    if (name === '') throw malformed(`Policy has invalid action: ${action}`);
    if (WILD.test(name)) continue;
    const known = OF_BUCKET.includes(name) || OF_OBJECT.includes(name);
    if (!known) throw unsupported(`the action ${action} in the policy of the bucket ${bucket}`);
    const applies = (resource: string): boolean =>
      WILD.test(resource.replace(/\/.*$/s, '')) || resource.includes('/') === OF_OBJECT.includes(name);
    if (Resource.length > 0 && !Resource.some(applies))
      throw malformed(
        `Action does not apply to any resource(s) in statement: ${action}, ${Resource.join(', ')}`,
      );
  }
}

function isOf(bucket: string, resource: string): boolean {
  const [, name = ''] = /^arn:[\w*-]+:s3:::([^/]+)/.exec(resource) ?? [];
  return resource === '*' || name === bucket || WILD.test(name);
}
