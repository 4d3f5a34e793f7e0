import { randomInt } from 'node:crypto';
import * as z from 'zod';

const generateSchema = z.looseObject({
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().optional(),
  PasswordLength: z.number().default(32),
  ExcludeCharacters: z.string().default(''),
  ExcludeLowercase: z.boolean().default(false),
  ExcludeUppercase: z.boolean().default(false),
  ExcludeNumbers: z.boolean().default(false),
  ExcludePunctuation: z.boolean().default(false),
  IncludeSpace: z.boolean().default(false),
});

const schema = z.looseObject({
  SecretString: z.string().optional(),
  GenerateSecretString: generateSchema.optional(),
});

/** The value a template gives a new secret: as it stands, or made up; undefined for a secret without one. */
export function declaredString(properties: unknown): string | undefined {
  const { SecretString, GenerateSecretString: generate } = schema.parse(properties);
  if (!generate) return SecretString;
  const password = passwordOf(generate);
  if (generate.GenerateStringKey === undefined) return password;
  const template = z.record(z.string(), z.unknown()).parse(JSON.parse(generate.SecretStringTemplate ?? '{}'));
  return JSON.stringify({ ...template, [generate.GenerateStringKey]: password });
}

function passwordOf(options: z.infer<typeof generateSchema>): string {
  const alphabet = [
    options.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    options.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    options.ExcludeNumbers ? '' : '0123456789',
    options.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    options.IncludeSpace ? ' ' : '',
  ].join('');
  const usable = [...alphabet].filter((character) => !options.ExcludeCharacters.includes(character));
  return Array.from({ length: options.PasswordLength }, () => usable[randomInt(usable.length)]).join('');
}
