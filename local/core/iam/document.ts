import * as z from 'zod';
import { checkStatements, type PolicyKind } from './document-check.ts';
import { statementSchema } from './statement.ts';

export type { Statement } from './statement.ts';

const document = z
  .strictObject({
    Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
    Id: z.string().optional(),
    Statement: z.union([statementSchema.transform((one) => [one]), z.array(statementSchema)]),
  })
  .transform(({ Statement }) => Statement);

const documentOf = (kind: PolicyKind) =>
  document.superRefine((statements, context) => checkStatements(kind, statements, context));

/** A policy of a role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export const identityDocument = documentOf('identity');
/** Who may take up a role. */
export const trustDocument = documentOf('trust');
/** A policy of a queue, a bucket, a topic or the log groups. */
export const resourceDocument = documentOf('resource');

/** A policy as calls hand it over, as JSON in a text. */
export const documentText = <S extends z.ZodType>(document: S) =>
  z
    .string()
    .transform((text, { addIssue }): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        addIssue('the policy is not JSON');
        return z.NEVER;
      }
    })
    .pipe(document);
