import * as z from 'zod';
import { AwsError, unsupported } from '../../core/aws-error.ts';
import type { Cloud, Provisioned, Resource, Service } from '../../core/cloud.ts';
import { inert, keyId, tagList } from '../../core/forms.ts';
import { operation, resourceType, withoutEffect } from '../../core/gate.ts';
import {
  arnOf,
  createSchema,
  createSecret,
  idSchema,
  makeSecret,
  newName,
  putValue,
  type Secret,
  type Secrets,
  secretString,
  updateSchema,
} from './secret.ts';
import { declaredString, generateSchema } from './secret-string.ts';

const getSchema = idSchema.extend({ VersionId: z.string().optional(), VersionStage: z.string().optional() });
const putSchema = updateSchema.extend({ VersionStages: z.array(z.string()).optional() });
// No version is kept that has no stage, so none is left out.
const versionsSchema = idSchema.extend(withoutEffect('IncludeDeprecated'));

/** Secrets Manager: string secrets with the versions that a rotation needs. */
export function secretsManagerService(cloud: Cloud): Service {
  const secrets = cloud.store.collection<Secret>('secretsmanager/secrets');
  const found = ({ SecretId }: { SecretId: string }) => secretOf(secrets, SecretId);
  // A policy names the ARN, a caller may name less. Who may not ask hears of no secret that is not there.
  const on =
    (action: string) =>
    ({ SecretId }: { SecretId: string }) => [{ action, resource: knownArn(cloud, secrets, SecretId) }];
  return {
    name: 'secretsmanager',
    invalidInput: 'InvalidParameterException',
    operations: {
      CreateSecret: operation(createSchema, (request) => createSecret(cloud, secrets, request)),
      GetSecretValue: operation(
        getSchema,
        (wanted) => secretValue(found(wanted), wanted),
        on('GetSecretValue'),
      ),
      PutSecretValue: operation(
        putSchema,
        ({ VersionStages = ['AWSCURRENT'], ...put }) => {
          if (VersionStages.join() !== 'AWSCURRENT')
            throw unsupported(`a value with the stages ${VersionStages.join(', ')}: only AWSCURRENT`);
          return putValue(secrets, found(put), put);
        },
        on('PutSecretValue'),
      ),
      UpdateSecret: operation(updateSchema, (put) => putValue(secrets, found(put), put), on('UpdateSecret')),
      DescribeSecret: operation(idSchema, (wanted) => described(found(wanted)), on('DescribeSecret')),
      ListSecrets: operation(z.strictObject({}), () => ({
        SecretList: [...secrets.entries()].map(({ value }) => described(value)),
      })),
      ListSecretVersionIds: operation(
        versionsSchema,
        (wanted) => versionIds(found(wanted)),
        on('ListSecretVersionIds'),
      ),
    },
    resources: {
      'AWS::SecretsManager::Secret': resourceType(propertiesSchema, (properties, resource) =>
        provision(cloud, secrets, properties, resource),
      ),
    },
  };
}

/** By name, ARN, or ARN without its six random characters. */
function find(secrets: Secrets, id: string): Secret | undefined {
  const name = id.startsWith('arn:') ? (id.split(':')[6] ?? '') : id;
  return secrets.get(name) ?? secrets.get(name.replace(/-[A-Za-z0-9]{6}$/, ''));
}

function knownArn({ region, account }: Cloud, secrets: Secrets, id: string): string {
  const whole = id.startsWith('arn:') ? id : `arn:aws:secretsmanager:${region}:${account}:secret:${id}`;
  return find(secrets, id)?.arn ?? whole;
}

function secretOf(secrets: Secrets, id: string): Secret {
  const secret = find(secrets, id);
  if (!secret)
    throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret ${id}`);
  return secret;
}

function secretValue(secret: Secret, wanted: z.infer<typeof getSchema>): object {
  const { VersionId, VersionStage = VersionId === undefined ? 'AWSCURRENT' : undefined } = wanted;
  const version = secret.versions.find(
    ({ id, stages }) =>
      (VersionId === undefined || id === VersionId) &&
      (VersionStage === undefined || stages.includes(VersionStage)),
  );
  if (!version)
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${VersionStage ? `staging label: ${VersionStage}` : `VersionId: ${VersionId}`}`,
    );
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString: version.string,
    VersionStages: version.stages,
    CreatedDate: version.created,
  };
}

function described(secret: Secret): object {
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description === undefined ? {} : { Description: secret.description }),
    CreatedDate: secret.versions.at(-1)?.created,
    LastChangedDate: secret.versions[0]?.created,
    VersionIdsToStages: Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages])),
  };
}

function versionIds(secret: Secret): object {
  const Versions = secret.versions.map(({ id, stages, created }) => ({
    VersionId: id,
    VersionStages: stages,
    CreatedDate: created,
  }));
  return { ARN: secret.arn, Name: secret.name, Versions };
}

const propertiesSchema = z
  .strictObject({
    Name: newName.optional(),
    Description: z.string().max(2048).optional(),
    SecretString: secretString.optional(),
    GenerateSecretString: generateSchema.optional(),
    KmsKeyId: inert(keyId),
    Tags: inert(tagList),
  })
  .refine(
    ({ SecretString, GenerateSecretString }) =>
      SecretString === undefined || GenerateSecretString === undefined,
    'SecretString and GenerateSecretString exclude each other: leave one out',
  );

/** The secret is made once: the template does not change a value that was put since. */
async function provision(
  cloud: Cloud,
  secrets: Secrets,
  properties: z.output<typeof propertiesSchema>,
  { generatedName }: Resource,
): Promise<Provisioned> {
  const { Name = generatedName, Description } = properties;
  const arn = arnOf(cloud, Name);
  // A folder of an earlier release may hold one whose value a kill came before.
  if (!secrets.get(Name)?.versions.length) {
    const SecretString = declaredString(properties);
    await makeSecret(cloud, secrets, { Name, Description, SecretString });
  }
  return { ref: arn, attributes: { Id: arn } };
}
