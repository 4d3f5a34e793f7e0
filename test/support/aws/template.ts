import * as z from 'zod';

const dependsOnSchema = z.union([z.array(z.string()), z.string().transform((name) => [name])]).default([]);

/** A resource of a template; CloudFormation refuses members that are not these. */
const resourceSchema = z.strictObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: dependsOnSchema,
  Metadata: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
  DeletionPolicy: z.enum(['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot']).optional(),
  UpdateReplacePolicy: z.enum(['Delete', 'Retain', 'Snapshot']).optional(),
  CreationPolicy: z.unknown().optional(),
  UpdatePolicy: z.unknown().optional(),
});
export type Resource = z.infer<typeof resourceSchema>;

/** A template of CloudFormation as it is sent. */
export const templateSchema = z.strictObject({
  AWSTemplateFormatVersion: z.string().optional(),
  Description: z.string().optional(),
  Metadata: z.unknown().optional(),
  Mappings: z.unknown().optional(),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Rules: z.unknown().optional(),
  Parameters: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.unknown()).default({}),
});
export type Template = z.infer<typeof templateSchema>;

/** A reference to a resource: `Ref` has no attribute. */
export interface Reference {
  readonly to: string;
  readonly attribute?: string;
}

const refSchema = z.strictObject({ Ref: z.string() }).transform(({ Ref }): Reference => ({ to: Ref }));
const getAttSchema = z
  .strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) })
  .transform((value): Reference => ({ to: value['Fn::GetAtt'][0], attribute: value['Fn::GetAtt'][1] }));
/** A value that is a reference and nothing else. */
export const referenceSchema = z.union([refSchema, getAttSchema]);

/** A text with references in it; a second member, for values of its own, is not taken. */
const subSchema = z
  .strictObject({ 'Fn::Sub': z.string() })
  .transform((value) => [...value['Fn::Sub'].matchAll(/\$\{([\w:]+)(?:\.([\w.]+))?\}/g)])
  .transform((found) =>
    found.map(([, to = '', attribute]): Reference => (attribute ? { to, attribute } : { to })),
  );

/** Every reference in a value, pseudo parameters such as `AWS::Region` included. */
export function referencesIn(value: unknown): Reference[] {
  if (typeof value !== 'object' || value === null) return [];
  const reference = referenceSchema.safeParse(value);
  if (reference.success) return [reference.data];
  const sub = subSchema.safeParse(value);
  return sub.success ? sub.data : Object.values(value).flatMap(referencesIn);
}

/** The path of the construct that made a resource, `Hookline/Bus/Bus/Resource`, or its logical id. */
export function pathOf(id: string, { Metadata }: Resource): string {
  return z.string().catch(id).parse(Metadata['aws:cdk:path']);
}
