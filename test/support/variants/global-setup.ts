import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { TestProject } from 'vitest/node';
import * as z from 'zod';
import { project } from '../../../cli/up/synthesis.ts';
import { ROOT } from '../docs/commands.ts';
import { VARIANTS, type Variant } from './variants.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly variants: readonly SynthesizedVariant[];
  }
}

export interface SynthesizedVariant {
  readonly name: string;
  /** the cloud assembly's folder */
  readonly directory: string;
  readonly exitCode: number | undefined;
  /** what the app printed, which is what a user sees */
  readonly printed: string;
}

// As many as there are cores on a small machine: each takes four seconds.
const AT_ONCE = 2;

/** Every variant of the stack, for all the files that look at them. */
export default async function setup(testProject: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-variants-'));
  const waiting = Object.entries(VARIANTS).entries();
  const made: SynthesizedVariant[] = [];
  const work = async (): Promise<void> => {
    for (const [index, [name, variant]] of waiting)
      made[index] = await synthesizeVariant(name, variant, join(folder, String(index)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  testProject.provide('variants', made);
  return () => rm(folder, { recursive: true, force: true });
}

const settingsSchema = z.record(z.string(), z.unknown());

/** By the app itself, as `cdk synth` does. */
async function synthesizeVariant(
  name: string,
  { settings = {}, rules, nag = false }: Variant,
  directory: string,
): Promise<SynthesizedVariant> {
  const { app, context } = await project(ROOT);
  const written = rules === undefined ? {} : { rules: await rulesFolder(rules, `${directory}-rules`) };
  const hookline = { ...settingsSchema.parse(context.hookline), ...settings };
  const { exitCode, all } = await execa(app, {
    cwd: ROOT,
    shell: true,
    all: true,
    reject: false,
    env: {
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...written, hookline }),
      CDK_VALIDATION: String(nag),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  return { name, directory, exitCode, printed: all };
}

async function rulesFolder(rules: NonNullable<Variant['rules']>, folder: string): Promise<string> {
  if (typeof rules === 'string') return rules;
  await mkdir(folder);
  for (const [name, rule] of Object.entries(rules))
    await writeFile(join(folder, `${name}.yaml`), JSON.stringify(rule));
  return folder;
}
