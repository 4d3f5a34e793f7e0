import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import type { Cloud } from '../../core/cloud.ts';
import type { Collection } from '../../core/store.ts';

interface Version {
  readonly id: string;
  readonly string: string;
  /** epoch seconds */
  readonly created: number;
  readonly stages: readonly string[];
}

export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly versions: readonly Version[];
}

export type Secrets = Collection<Secret>;

// https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
const MAX_VALUE_BYTES = 65_536;
export const newName = z
  .string()
  .max(512)
  .regex(/^[\w/+=.@-]+$/, 'a name holds A-Z a-z 0-9 / _ + = . @ -');
export const secretString = z
  .string()
  .min(1)
  .refine(
    (value) => Buffer.byteLength(value) <= MAX_VALUE_BYTES,
    `a value has at most ${MAX_VALUE_BYTES} bytes`,
  );
const token = z.string().min(32).max(64).optional();

export const idSchema = z.strictObject({ SecretId: z.string() });
export const updateSchema = idSchema.extend({ SecretString: secretString, ClientRequestToken: token });
export const createSchema = z.strictObject({
  Name: newName,
  Description: z.string().optional(),
  SecretString: secretString.optional(),
  ClientRequestToken: token,
});

/** @throws ResourceExistsException for a name that is taken */
export async function createSecret(
  cloud: Cloud,
  secrets: Secrets,
  request: z.infer<typeof createSchema>,
): Promise<object> {
  if (secrets.get(request.Name))
    throw new AwsError(
      'ResourceExistsException',
      `the secret ${request.Name} exists: put a new value instead`,
    );
  return makeSecret(cloud, secrets, request);
}

/** Makes a secret, in one write with its first value where there is one. */
export async function makeSecret(
  cloud: Cloud,
  secrets: Secrets,
  { Name, Description, SecretString, ClientRequestToken }: z.infer<typeof createSchema>,
): Promise<object> {
  const secret = { arn: arnOf(cloud, Name), name: Name, description: Description, versions: [] };
  if (SecretString !== undefined)
    return putValue(secrets, secret, { SecretId: Name, SecretString, ClientRequestToken });
  await secrets.put(Name, secret);
  return { ARN: secret.arn, Name };
}

/** The new value is `AWSCURRENT`, the one before `AWSPREVIOUS`; older ones are forgotten, as nothing names them. */
export async function putValue(
  secrets: Secrets,
  secret: Secret,
  input: z.infer<typeof updateSchema>,
): Promise<object> {
  const { SecretString: string, ClientRequestToken: id = randomUUID() } = input;
  const repeated = secret.versions.find((version) => version.id === id);
  if (repeated && repeated.string !== string)
    throw new AwsError('ResourceExistsException', `the version ${id} of ${secret.name} has another value`);
  const current = { id, string, created: Date.now() / 1000, stages: ['AWSCURRENT'] };
  const previous = secret.versions
    .filter(({ stages }) => stages.includes('AWSCURRENT'))
    .map((version) => ({ ...version, stages: ['AWSPREVIOUS'] }));
  if (!repeated) await secrets.put(secret.name, { ...secret, versions: [current, ...previous] });
  return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: ['AWSCURRENT'] };
}

/** AWS adds six random characters; here they are the same at every start, as what refers to the ARN is kept. */
export function arnOf({ region, account }: Cloud, name: string): string {
  const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${suffix}`;
}
