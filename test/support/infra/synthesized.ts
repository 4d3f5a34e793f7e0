import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import * as z from 'zod';
import { project } from '../../../cli/up/synthesis.ts';
import { synth } from '../../../infra/synth.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      Metadata: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })),
});

export interface Synthesized extends z.infer<typeof templateSchema> {
  /** the cloud assembly's folder, in the system's folder for temporary files */
  readonly assembly: string;
  /** the stack's name */
  readonly stack: string;
  /** the resources of a type, by their logical ids */
  of(type: string): [string, z.infer<typeof templateSchema>['Resources'][string]][];
}

/**
 * The template of other settings and rules than those of the checkout, made in this process and not looked at by cdk-nag.
 * @param settings beside those of cdk.json
 * @param rules texts of rule files by the rule's name; those of events/rules by default
 */
export async function synthesized(
  settings: Readonly<Record<string, unknown>>,
  rules?: Readonly<Record<string, string>>,
): Promise<Synthesized> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-synth-'));
  const { context } = await project(ROOT);
  const hookline = { ...z.looseObject({}).parse(context.hookline), ...settings };
  const assembly = join(folder, 'assembly');
  const { CDK_VALIDATION: before } = process.env;
  process.env.CDK_VALIDATION = 'false';
  try {
    const own = rules && { rules: await rulesFolder(folder, rules) };
    await synth(new App({ outdir: assembly, context: { ...context, hookline, ...own } }));
  } finally {
    if (before === undefined) delete process.env.CDK_VALIDATION;
    else process.env.CDK_VALIDATION = before;
  }
  const file = (await readdir(assembly)).find((name) => name.endsWith('.template.json')) ?? '';
  const template = templateSchema.parse(JSON.parse(await readFile(join(assembly, file), 'utf8')));
  return {
    ...template,
    assembly,
    stack: file.replace('.template.json', ''),
    of: (type) => Object.entries(template.Resources).filter(([, { Type }]) => Type === type),
  };
}

async function rulesFolder(folder: string, rules: Readonly<Record<string, string>>): Promise<string> {
  const path = join(folder, 'rules');
  await mkdir(path);
  for (const [name, text] of Object.entries(rules)) await writeFile(join(path, `${name}.yaml`), text);
  return path;
}
