import * as z from 'zod';
import { withoutEffect } from '../../core/gate.ts';
import { nameSchema } from './input.ts';
import { type Properties, propertiesSchema } from './provision.ts';

const artifacts = z.array(z.strictObject({ name: z.string() })).optional();

const actionDeclaration = z.strictObject({
  name: nameSchema,
  actionTypeId: z.strictObject({
    category: z.string(),
    owner: z.string(),
    provider: z.string(),
    version: z.string(),
  }),
  configuration: z.record(z.string(), z.string()).optional(),
  inputArtifacts: artifacts,
  outputArtifacts: artifacts,
  roleArn: z.string().optional(),
  region: z.string().optional(),
  runOrder: z.number().int().optional(),
  namespace: z.string().optional(),
});

/** A pipeline as CreatePipeline and UpdatePipeline take it, and GetPipeline answers. */
export const declarationSchema = z.strictObject({
  name: nameSchema,
  roleArn: z.string(),
  pipelineType: z.enum(['V1', 'V2']).optional(),
  executionMode: z.enum(['QUEUED', 'SUPERSEDED', 'PARALLEL']).optional(),
  artifactStore: z.strictObject({
    type: z.literal('S3'),
    location: z.string(),
    ...withoutEffect('encryptionKey'),
  }),
  stages: z.array(
    z.strictObject({
      name: nameSchema,
      actions: z.array(actionDeclaration),
      blockers: z.array(z.unknown()).optional(),
    }),
  ),
  variables: z
    .array(
      z.strictObject({
        name: z.string(),
        defaultValue: z.string().optional(),
        description: z.string().optional(),
      }),
    )
    .optional(),
  triggers: z.array(z.unknown()).optional(),
  // GetPipeline's answer has it; AWS counts for itself.
  ...withoutEffect('version'),
});

export type Declaration = z.output<typeof declarationSchema>;

/** A declared pipeline as a template would have it, so that both are judged alike. @throws ValidationException */
export function propertiesOf({ version: _, ...declaration }: Declaration): Properties {
  return propertiesSchema.parse(pascalCased(declaration));
}

/** Members as CloudFormation writes them. The members of a configuration are written alike in both. */
function pascalCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascalCased);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [
    `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    name === 'configuration' ? member : pascalCased(member),
  ]);
  return Object.fromEntries(members);
}
