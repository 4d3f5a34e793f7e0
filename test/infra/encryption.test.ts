import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ROOT } from '../support/docs/commands.ts';
import { type Synthesized, synthesized } from '../support/infra/synthesized.ts';
import { policySchema } from '../support/template.ts';

const kmsKey = 'arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef';
const SERVICES = ['s3', 'dynamodb', 'secretsmanager', 'sqs'];

let made: Synthesized;
beforeAll(async () => {
  made = await synthesized({ kmsKey, examplePipeline: true });
});
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

const texts = z.union([z.array(z.string()), z.string().transform((one) => [one])]);
const keyPolicySchema = z.array(
  z.looseObject({ Effect: z.literal('Allow'), Principal: z.object({ Service: texts }), Action: texts }),
);
const resourcePolicySchema = z.looseObject({
  PolicyDocument: z.looseObject({
    Statement: z.array(z.looseObject({ Effect: z.string(), Principal: z.unknown() })),
  }),
});

/** The services that use a queue or the topic in nobody's name, as its own policy lets them. */
function servicesLetIn(): string[] {
  const policies = ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'].flatMap((type) => made.of(type));
  const services = policies
    .flatMap(([, { Properties }]) => resourcePolicySchema.parse(Properties).PolicyDocument.Statement)
    .filter(({ Effect }) => Effect === 'Allow')
    .map(({ Principal }) => z.object({ Service: z.string() }).parse(Principal).Service);
  return [...new Set(services)];
}

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

  it('makes the messages of each role that sends to a queue, and reads those of each that receives', () => {
    const via = statementsByRole().flatMap(({ statements }) => {
      const actions = statements.flatMap(({ Action }) => Action);
      const ofQueues = statements
        .filter(({ Condition }) => JSON.stringify(Condition ?? '').includes('"sqs.'))
        .flatMap(({ Action }) => Action);
      if (actions.includes('sqs:SendMessage')) return [['sends', ...ofQueues]];
      return actions.includes('sqs:ReceiveMessage') ? [['receives', ...ofQueues]] : [];
    });
    expect(via).toEqual([
      ['sends', 'kms:Decrypt', 'kms:GenerateDataKey'],
      ['receives', 'kms:Decrypt'],
    ]);
  });

  it('has a policy in docs/deploy.md that lets in each service that comes by itself, and no other', () => {
    const page = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
    const [, text = ''] = /### A key of your own.*?```json\n(.*?)```/s.exec(page) ?? [];
    const allowed = keyPolicySchema
      .parse(JSON.parse(text))
      .flatMap(({ Principal, Action }) => Principal.Service.map((service) => ({ service, actions: Action })));
    const used = ['kms:Decrypt', 'kms:GenerateDataKey*'];
    const ofLogs = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'];
    expect(allowed).toEqual([
      { service: 'logs.REGION.amazonaws.com', actions: ofLogs },
      ...servicesLetIn().map((service) => ({ service, actions: used })),
    ]);
  });
});
