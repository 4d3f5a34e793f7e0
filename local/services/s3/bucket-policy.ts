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
function checkStatement(bucket: string, statement: Statement): void {
  const { Action = [], Resource = [] } = statement;
  const malformed = (message: string): AwsError => new AwsError('MalformedPolicy', message);
  const foreign = Resource.find((resource) => !isOf(bucket, resource));
  if (foreign !== undefined)
    throw malformed(`Policy has invalid resource: ${foreign} is nothing of the bucket ${bucket}`);
  if (isPublic(statement))
    throw new AwsError(
      'AccessDenied',
      `the policy of the bucket ${bucket} lets everybody in, and S3's BlockPublicPolicy prevents public policies: name who may`,
      403,
    );
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

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
const NARROWING = ['aws:principalaccount', 'aws:principalarn', 'aws:sourceaccount', 'aws:sourcearn'];

/** Whether a statement lets in whoever asks. New buckets block such policies, and nobody here is the public. */
function isPublic({ Effect, Principal, Condition = {} }: Statement): boolean {
  if (Effect === 'Deny' || !Principal?.AWS?.includes('*')) return false;
  return !Object.entries(Condition).some(
    ([operator, keys = {}]) =>
      /^(?:Arn|String)(?:Equals|Like)$/.test(operator) &&
      Object.keys(keys).some((key) => NARROWING.includes(key.toLowerCase())),
  );
}

/** S3 looks for the bucket's name, which stands before every wildcard. */
function isOf(bucket: string, resource: string): boolean {
  const [, name = ''] = /^arn:[\w-]+:s3:::([^/*?]+)/.exec(resource) ?? [];
  return name === bucket;
}
