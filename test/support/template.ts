import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ASSEMBLY } from './hookline.ts';

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  DependsOn: z.array(z.string()).default([]),
});
const { Resources, Outputs } = z
  .looseObject({
    Resources: z.record(z.string(), resourceSchema),
    Outputs: z.record(z.string(), z.object({ Value: z.unknown() })),
  })
  .parse(JSON.parse(readFileSync(join(ASSEMBLY, 'Hookline.template.json'), 'utf8')));

/** The value of an output, with its references. */
export const outputOf = (name: string): unknown => Outputs[name]?.Value;

/** The resources of a type, by their logical ids. */
export const of = (type: string) => Object.entries(Resources).filter(([, { Type }]) => Type === type);

export const propertiesOf = (type: string) => of(type).map(([, { Properties }]) => Properties);

const statementSchema = z.looseObject({
  Effect: z.string(),
  Action: z.union([z.string().transform((action) => [action]), z.array(z.string())]),
  Resource: z.unknown().optional(),
});
/** A policy with its statements, whatever it is attached to. */
export const policySchema = z.looseObject({
  PolicyDocument: z.looseObject({ Statement: z.array(statementSchema) }),
  Roles: z.array(z.object({ Ref: z.string() })).default([]),
});
const policies = propertiesOf('AWS::IAM::Policy').map((properties) => policySchema.parse(properties));

/** Every statement of every role. */
export const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

/** The statements of a role's policies. @param role its logical id */
export function statementsOf(role: string): z.infer<typeof statementSchema>[] {
  return policies
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** The logical ids of a role's policies. @param role its logical id */
export const policiesOf = (role: string): string[] =>
  of('AWS::IAM::Policy')
    .filter(([, { Properties }]) => policySchema.parse(Properties).Roles.some(({ Ref }) => Ref === role))
    .map(([name]) => name);

/** A role as a resource names it: by its logical id. */
export const roleSchema = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) });

/** What a role may do. @param role its logical id */
export const actionsOf = (role: string): string[] => statementsOf(role).flatMap(({ Action }) => Action);
