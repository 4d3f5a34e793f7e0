import { parse } from 'yaml';
import * as z from 'zod';

const commands = z.array(z.union([z.string(), z.number(), z.boolean()]).transform(String)).default([]);

const phaseSchema = z.strictObject({
  'on-failure': z.enum(['ABORT', 'CONTINUE']).optional(),
  'runtime-versions': z.record(z.string(), z.unknown()).optional(),
  commands,
  finally: commands,
});

const strings = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .default({});

const artifactsSchema = z.strictObject({
  files: z.union([z.string().transform((file) => [file]), z.array(z.string()).min(1)]),
  name: z.string().optional(),
  'base-directory': z
    .string()
    .refine((path) => !path.includes('*'), {
      error: ({ input }) => `the pattern ${input} is not supported here: name one folder`,
    })
    .optional(),
  'discard-paths': z
    .union([z.boolean(), z.enum(['yes', 'no']).transform((value) => value === 'yes')])
    .default(false),
  'exclude-paths': z.array(z.string()).default([]),
});

const buildspecSchema = z.strictObject({
  version: z.coerce.number().refine((version) => version === 0.2, { error: 'only version 0.2 is supported' }),
  env: z
    .strictObject({
      shell: z.enum(['bash', '/bin/sh']).default('/bin/sh'),
      variables: strings,
      'parameter-store': strings,
      'secrets-manager': strings,
      'exported-variables': z.array(z.string()).default([]),
    })
    .prefault({}),
  phases: z
    .strictObject({
      install: phaseSchema.optional(),
      pre_build: phaseSchema.optional(),
      build: phaseSchema.optional(),
      post_build: phaseSchema.optional(),
    })
    .refine((phases) => Object.values(phases).some((phase) => phase !== undefined), {
      error: 'name one of install, pre_build, build and post_build',
    }),
  artifacts: artifactsSchema.optional(),
});

export type Buildspec = z.infer<typeof buildspecSchema>;
export type Phase = z.infer<typeof phaseSchema>;
export type Artifacts = z.infer<typeof artifactsSchema>;

/** Reads a buildspec. @throws with each member that is wrong or not supported */
export function parseBuildspec(text: string): Buildspec {
  const parsed = buildspecSchema.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the buildspec'}: ${message}`,
  );
  throw new Error(issues.join('; '));
}
