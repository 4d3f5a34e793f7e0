import * as z from 'zod';

const variable = z.strictObject({
  name: z.string().min(1),
  value: z.string(),
  type: z.enum(['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER']).default('PLAINTEXT'),
});

// CodeBuild names no limit. The store takes a key of so many characters, with the project's name.
const MAX_TOKEN = 500;

export const startSchema = z.strictObject({
  projectName: z.string(),
  environmentVariablesOverride: z.array(variable).default([]),
  sourceVersion: z.string().optional(),
  sourceTypeOverride: z.enum(['S3', 'NO_SOURCE']).optional(),
  sourceLocationOverride: z.string().optional(),
  buildspecOverride: z.string().optional(),
  timeoutInMinutesOverride: z.number().int().min(5).max(2160).optional(),
  idempotencyToken: z.string().max(MAX_TOKEN).optional(),
  artifactsOverride: z
    .strictObject({
      type: z.enum(['S3', 'NO_ARTIFACTS']),
      location: z.string().optional(),
      path: z.string().default(''),
      name: z.string().default(''),
      // A pipeline's artifact is one object.
      packaging: z.literal('ZIP').default('ZIP'),
    })
    .optional(),
});

export type StartInput = z.infer<typeof startSchema>;
