import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type * as z from 'zod';
import type { Connection } from '../connection/connection.ts';

/** The value of a secret, `{}` for one without. @throws for a value that is not as it should be */
export async function readSecret<S extends z.ZodType>(
  { secrets }: Connection,
  SecretId: string,
  schema: S,
): Promise<z.infer<S>> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  return schema.parse(secretJson(SecretId, SecretString ?? '{}'));
}

/** A secret's text as JSON. @throws without the text, which JSON.parse quotes where it cannot read it */
export function secretJson(id: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`the secret ${id} is not JSON: write an object with a member per host`);
  }
}

/** Puts what a change makes of a secret's value. */
export async function updateSecret<S extends z.ZodType>(
  connection: Connection,
  SecretId: string,
  schema: S,
  change: (all: z.infer<S>) => unknown,
): Promise<void> {
  const SecretString = JSON.stringify(change(await readSecret(connection, SecretId, schema)));
  await connection.secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
}
