import { Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { Settings } from './settings.ts';

/**
 * Encrypts by a key of the account everything that is kept, where its service takes one: buckets, tables, queues, the
 * topic, logs and secrets. The archive and the histories of executions stay with keys of AWS. Called when the stack is
 * complete, as each role that may use what is encrypted may then use the key through that service.
 */
export function encryptBy(stack: Stack, { kmsKey }: Settings): void {
  if (kmsKey === undefined) return;
  for (const node of stack.node.findAll()) {
    encrypt(node, kmsKey);
    if (node instanceof Role) allowKey(node, kmsKey);
  }
}

function encrypt(node: IConstruct, key: string): void {
  if (node instanceof CfnBucket) node.bucketEncryption = ofBucket(key);
  if (node instanceof CfnTable)
    node.sseSpecification = { sseEnabled: true, sseType: 'KMS', kmsMasterKeyId: key };
  if (node instanceof CfnQueue) {
    node.sqsManagedSseEnabled = undefined;
    node.kmsMasterKeyId = key;
  }
  if (node instanceof CfnTopic) node.kmsMasterKeyId = key;
  if (node instanceof CfnLogGroup || node instanceof CfnSecret) node.kmsKeyId = key;
}

/** With a key of the bucket's own made of it, so that KMS is not asked for each object. */
const ofBucket = (kmsMasterKeyId: string): CfnBucket.BucketEncryptionProperty => ({
  serverSideEncryptionConfiguration: [
    {
      bucketKeyEnabled: true,
      serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId },
    },
  ],
});

/**
 * What a service does by the key in the name of who calls it, by the beginning of the actions that ask for it. Log groups and the topic have no caller of ours.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html (Decrypt for the parts of an upload)
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  's3:': ['kms:Decrypt', 'kms:GenerateDataKey'],
  'dynamodb:': [
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
  'secretsmanager:': ['kms:Decrypt'],
  'sqs:ReceiveMessage': ['kms:Decrypt'],
  'sqs:SendMessage': ['kms:Decrypt', 'kms:GenerateDataKey'],
};

/** Lets a role use the key, through the services that its policies let it use, and in no other way. */
function allowKey(role: Role, key: string): void {
  const { region, urlSuffix } = Stack.of(role);
  const allowed = JSON.stringify(
    role.node.children
      .filter((child) => child instanceof Policy)
      .map(({ document }) => Stack.of(role).resolve(document)),
  );
  for (const [used, actions] of Object.entries(KEY_ACTIONS))
    if (allowed.includes(`"${used}`))
      role.addToPolicy(
        new PolicyStatement({
          actions: [...actions],
          resources: [key],
          conditions: { StringEquals: { 'kms:ViaService': `${used.split(':')[0]}.${region}.${urlSuffix}` } },
        }),
      );
}
