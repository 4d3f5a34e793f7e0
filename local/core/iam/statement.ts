import * as z from 'zod';

const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const values = z.union([
  z.union([z.string(), z.boolean(), z.number()]).transform((one) => [String(one)]),
  z.array(z.union([z.string(), z.boolean(), z.number()]).transform(String)),
]);
const principals = z.union([
  z.literal('*').transform(() => ({ AWS: ['*'] })),
  z.strictObject({
    AWS: texts.optional(),
    Service: texts.optional(),
    Federated: texts.optional(),
    CanonicalUser: texts.optional(),
  }),
]);

/** The operators of conditions. A policy with any other operator is refused when it is made. */
const OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'ArnEquals',
  'ArnNotEquals',
  'ArnLike',
  'ArnNotLike',
  'Bool',
] as const;

// Whether there is a value is all that Null asks: it has no IfExists.
const operator = z.union([
  z.literal('Null'),
  z.templateLiteral([z.enum(OPERATORS), z.enum(['', 'IfExists'])]),
]);

/** One statement of a policy, its lists always lists. */
export const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts.optional(),
  NotAction: texts.optional(),
  Resource: texts.optional(),
  NotResource: texts.optional(),
  Principal: principals.optional(),
  NotPrincipal: principals.optional(),
  Condition: z.partialRecord(operator, z.record(z.string(), values)).optional(),
});

export type Statement = z.output<typeof statementSchema>;
