import * as z from 'zod';
import { filled } from './filled.ts';
import type { Template } from './template.ts';

// API Gateway puts the rest of the ARN in front of it.
const API = 'arn:aws:execute-api:ap-southeast-1:123456789012:abcdefghij/';

const listSchema = z.union([z.array(z.string()), z.string().transform((one) => [one])]);
const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.record(z.string(), listSchema)]).optional(),
  Action: listSchema,
  Resource: listSchema
    .transform((all) => all.map((resource) => resource.replace(/^execute-api:\//, API)))
    .optional(),
  Condition: z.record(z.string(), z.record(z.string(), listSchema)).default({}),
});
export type Statement = z.infer<typeof statementSchema>;

const documentSchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(statementSchema).min(1),
});

/** A policy, wherever it stands in a template, with the ARNs that it has once it is deployed. */
export interface Policy {
  /** the resource and the path to its property */
  readonly place: string;
  readonly id: string;
  readonly type: string;
  readonly statements: readonly Statement[];
  /** as IAM counts them: without white space between the members */
  readonly characters: number;
}

/** Every policy of a template. @throws at one that has a member that IAM does not know */
export const policiesIn = (template: Template): Policy[] =>
  Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) =>
    documentsIn(filled(template, Properties), id).map(({ place, document }) => ({
      place,
      id,
      type: Type,
      statements: documentSchema.parse(document, { error: () => `${place} is no policy that IAM takes` })
        .Statement,
      characters: JSON.stringify(document).length,
    })),
  );

function documentsIn(value: unknown, place: string): { place: string; document: unknown }[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('Statement' in value) return [{ place, document: value }];
  return Object.entries(value).flatMap(([name, member]) => documentsIn(member, `${place}.${name}`));
}
