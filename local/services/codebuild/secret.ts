import * as z from 'zod';
import type { Cloud } from '../../core/cloud.ts';
import { type Build, roleOf } from './build.ts';

const secretSchema = z.looseObject({ SecretString: z.string() });
const members = z.record(z.string(), z.unknown());

// An ARN has colons of its own.
const REFERENCE = /^(arn(?::[^:]*){6}|[^:]+)(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?$/;

/**
 * Reads what `secret-id:json-key:version-stage:version-id` names; all but the first may be left out.
 * @throws when there is no such secret, version or key
 */
export async function secretOf(cloud: Cloud, build: Build, reference: string): Promise<string> {
  const [, id, key, stage, version] = REFERENCE.exec(reference) ?? [];
  if (id === undefined)
    throw new Error(`${reference} is no secret: write secret-id:json-key:version-stage:version-id`);
  const input = {
    SecretId: id,
    ...(stage && { VersionStage: stage }),
    ...(version && { VersionId: version }),
  };
  const answer = await cloud.call('secretsmanager', 'GetSecretValue', input, roleOf(cloud, build));
  const { SecretString } = secretSchema.parse(answer);
  return key ? memberOf(id, key, SecretString) : SecretString;
}

function memberOf(id: string, key: string, text: string): string {
  const value = parsed(id, text)[key];
  if (value === undefined) throw new Error(`the secret ${id} has no key ${key}`);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Nothing of the secret may be in an error: it ends up in the build's phases. */
function parsed(id: string, text: string): Record<string, unknown> {
  try {
    return members.parse(JSON.parse(text));
  } catch {
    throw new Error(`the secret ${id} is not a JSON object: name it without a key`);
  }
}
