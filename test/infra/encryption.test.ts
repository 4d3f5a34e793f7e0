import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Synthesized, synthesized } from '../support/infra/synthesized.ts';
import { policySchema } from '../support/template.ts';

const kmsKey = 'arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef';
const SERVICES = ['s3', 'dynamodb', 'secretsmanager', 'sqs'];

let made: Synthesized;
beforeAll(async () => {
  made = await synthesized({ kmsKey, examplePipeline: true });
}, 60_000);
afterAll(() => rm(dirname(made.assembly), { recursive: true, force: true }));

const ofBucket = {
  ServerSideEncryptionConfiguration: [
    {
      BucketKeyEnabled: true,
      ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKey },
    },
  ],
};

/** The statements of each role, by the role's logical id. */
const statementsByRole = () => {
  const policies = made.of('AWS::IAM::Policy').map(([, { Properties }]) => policySchema.parse(Properties));
  const roles = [...new Set(policies.flatMap(({ Roles }) => Roles.map(({ Ref }) => Ref)))];
  return roles.map((role) => ({
    role,
    statements: policies
      .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role))
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
  }));
};

describe('a key of the account', () => {
  it.each([
    ['AWS::S3::Bucket', { BucketEncryption: ofBucket }],
    ['AWS::DynamoDB::Table', { SSESpecification: { SSEType: 'KMS', KMSMasterKeyId: kmsKey } }],
    ['AWS::SQS::Queue', { KmsMasterKeyId: kmsKey }],
    ['AWS::SNS::Topic', { KmsMasterKeyId: kmsKey }],
    ['AWS::Logs::LogGroup', { KmsKeyId: kmsKey }],
    ['AWS::SecretsManager::Secret', { KmsKeyId: kmsKey }],
  ])('encrypts every %s', (type, properties) => {
    const all = made.of(type);
    expect(all.length).toBeGreaterThan(0);
    for (const [, { Properties }] of all) {
      expect(Properties).toMatchObject(properties);
      expect(Properties).not.toHaveProperty('SqsManagedSseEnabled');
    }
  });

  it('may be used by each role through the services that the role uses, and by no other', () => {
    for (const { role, statements } of statementsByRole()) {
      const actions = statements.flatMap(({ Action }) => Action).map((action) => action.split(':')[0] ?? '');
      const used = SERVICES.filter((service) => actions.includes(service));
      const ofKey = statements.filter(({ Action }) => Action.some((action) => action.startsWith('kms:')));
      const via = ofKey.map((statement) => {
        expect(statement.Resource).toBe(kmsKey);
        return SERVICES.filter((service) => JSON.stringify(statement.Condition).includes(`"${service}.`));
      });
      expect([role, via.flat().toSorted()]).toEqual([role, used.toSorted()]);
    }
  });
});
