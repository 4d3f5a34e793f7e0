import { randomInt } from 'node:crypto';
import * as z from 'zod';
import { inert } from '../../core/forms.ts';
import { templateBoolean } from '../../core/input.ts';

/** The options of a value that a template has generated. */
export const generateSchema = z
  .strictObject({
    SecretStringTemplate: z.string().optional(),
    GenerateStringKey: z.string().optional(),
    PasswordLength: z.coerce.number().int().min(1).max(4096).default(32),
    ExcludeCharacters: z.string().max(4096).default(''),
    ExcludeLowercase: templateBoolean.default(false),
    ExcludeUppercase: templateBoolean.default(false),
    ExcludeNumbers: templateBoolean.default(false),
    ExcludePunctuation: templateBoolean.default(false),
    IncludeSpace: templateBoolean.default(false),
    // A password of 32 characters has one of each kind but for a rare case.
    RequireEachIncludedType: inert(templateBoolean),
  })
  .refine(
    ({ SecretStringTemplate, GenerateStringKey }) =>
      (SecretStringTemplate === undefined) === (GenerateStringKey === undefined),
    'SecretStringTemplate and GenerateStringKey go together: write both or none',
  )
  .refine(
    (given) => given.PasswordLength >= (given.RequireEachIncludedType === false ? 1 : kindsOf(given)),
    'the password is too short to have a character of each included type: make it longer, or set RequireEachIncludedType to false',
  );

interface Excluded {
  readonly ExcludeLowercase: boolean;
  readonly ExcludeUppercase: boolean;
  readonly ExcludeNumbers: boolean;
  readonly ExcludePunctuation: boolean;
}

const kindsOf = ({
  ExcludeLowercase,
  ExcludeUppercase,
  ExcludeNumbers,
  ExcludePunctuation,
}: Excluded): number =>
  [ExcludeLowercase, ExcludeUppercase, ExcludeNumbers, ExcludePunctuation].filter((excluded) => !excluded)
    .length;

interface Declared {
  readonly SecretString?: string | undefined;
  readonly GenerateSecretString?: z.output<typeof generateSchema> | undefined;
}

/** The value a template gives a new secret: as it stands, or made up; undefined for a secret without one. */
export function declaredString({
  SecretString,
  GenerateSecretString: generate,
}: Declared): string | undefined {
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
