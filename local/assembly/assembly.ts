import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Asset } from '../core/cloud.ts';

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
  Condition: z.string().optional(),
  DeletionPolicy: z.string().optional(),
});

const templateSchema = z.looseObject({
  Parameters: z
    .record(
      z.string(),
      z.looseObject({ Type: z.string().default('String'), Default: z.unknown().optional() }),
    )
    .default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Resources: z.record(z.string(), resourceSchema).default({}),
  Outputs: z
    .record(
      z.string(),
      z.looseObject({
        Value: z.unknown(),
        Description: z.string().optional(),
        Condition: z.string().optional(),
        Export: z.strictObject({ Name: z.unknown() }).optional(),
      }),
    )
    .default({}),
});

export type Template = z.infer<typeof templateSchema>;

/** One stack of a cloud assembly. */
export interface Stack {
  readonly name: string;
  readonly template: Template;
  /** the template as `cdk synth` wrote it */
  readonly source: string;
}

/** The parsed cloud assembly that `cdk synth` wrote. */
export interface Assembly {
  readonly stacks: readonly Stack[];
  /** by the object key under which the asset would be uploaded */
  readonly assets: ReadonlyMap<string, Asset>;
}

const manifestSchema = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      properties: z
        .looseObject({
          templateFile: z.string().optional(),
          stackName: z.string().optional(),
          file: z.string().optional(),
        })
        .optional(),
    }),
  ),
});

const assetsSchema = z.looseObject({
  files: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({ path: z.string(), packaging: z.enum(['zip', 'file']).default('file') }),
        destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

/**
 * Reads a cloud assembly.
 * @param directory the folder `cdk synth` wrote, usually `cdk.out`
 * @throws when the folder holds no assembly this runtime can read
 */
export function loadAssembly(directory: string): Assembly {
  const { artifacts } = manifestSchema.parse(readJson(directory, 'manifest.json'));
  const entries = Object.entries(artifacts);
  return {
    stacks: entries.flatMap(([id, { type, properties }]) =>
      type === 'aws:cloudformation:stack' && properties?.templateFile
        ? [stackOf(directory, properties.stackName ?? id, properties.templateFile)]
        : [],
    ),
    assets: new Map(
      entries.flatMap(([, { type, properties }]) =>
        type === 'cdk:asset-manifest' && properties?.file ? assetsOf(directory, properties.file) : [],
      ),
    ),
  };
}

function stackOf(directory: string, name: string, file: string): Stack {
  const source = readText(directory, file);
  return { name, template: templateSchema.parse(JSON.parse(source)), source };
}

function assetsOf(directory: string, file: string): [string, Asset][] {
  const { files } = assetsSchema.parse(readJson(directory, file));
  return Object.values(files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }): [string, Asset] => [
      objectKey,
      { path: join(directory, source.path), packaging: source.packaging },
    ]),
  );
}

const readJson = (directory: string, file: string): unknown => JSON.parse(readText(directory, file));

function readText(directory: string, file: string): string {
  const path = join(directory, file);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`no cloud assembly can be read at ${path}: run cdk synth first`, { cause });
  }
}
