import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import * as z from 'zod';

// What a synthesis depends on: the app, what it bundles, and the packages it is bundled from.
const INPUTS = [
  'cdk.json',
  'package-lock.json',
  'tsconfig.json',
  'infra',
  'functions',
  'statemachine',
  'events',
];
const STAMP = 'inputs.sha256';

export interface Synthesis {
  /** the cloud assembly's folder */
  readonly directory: string;
  /** whether the last synthesis could be used again */
  readonly reused: boolean;
}

export interface SynthesisOptions {
  /** the folder of rules in place of events/rules */
  readonly rules?: string | undefined;
  /** the cloud assembly's folder in place of cdk.out */
  readonly output?: string | undefined;
  /** gives it up */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the cloud assembly, unless the last one was made of the same inputs. It may be written over one that runs:
 * assets are named after what they hold, and those of earlier assemblies stay.
 * @param root the project's folder, that of cdk.json
 * @throws with what the app printed when it fails
 */
export async function synthesize(root: string, options: SynthesisOptions = {}): Promise<Synthesis> {
  const { rules, output: directory = join(root, 'cdk.out') } = options;
  const stamp = join(directory, STAMP);
  const inputs = await hashOf(root, [...INPUTS, ...(rules ? [rules] : [])]);
  const last = await readFile(stamp, 'utf8').catch(() => '');
  if (last === inputs) return { directory, reused: true };
  const { app, context } = await project(root);
  const result = await execa(app, {
    cwd: root,
    shell: true,
    all: true,
    reject: false,
    ...(options.signal ? { cancelSignal: options.signal } : {}),
    env: {
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...(rules ? { rules } : {}) }),
      // What CloudFormation would refuse, and what cdk-nag finds, is for `cdk synth` and `cdk deploy`: it takes as long as
      // all the rest.
      CDK_VALIDATION: 'false',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  if (result.failed) throw new Error(`the synthesis failed:\n${result.all}`);
  await writeFile(stamp, inputs);
  return { directory, reused: false };
}

const projectSchema = z.looseObject({ app: z.string(), context: z.record(z.string(), z.unknown()) });

/**
 * How `cdk synth` runs the app, so that the template is the same; without the CLI it takes half the time.
 * @param root the project's folder, that of cdk.json
 */
export async function project(root: string): Promise<{ app: string; context: Record<string, unknown> }> {
  const { app, context } = projectSchema.parse(JSON.parse(await readFile(join(root, 'cdk.json'), 'utf8')));
  return {
    app,
    context: {
      ...context,
      'aws:cdk:enable-path-metadata': true,
      'aws:cdk:enable-asset-metadata': true,
      'aws:cdk:bundling-stacks': ['**'],
    },
  };
}

/** What tells whether something must be made again: the contents of the files and folders it is made of. */
export async function hashOf(root: string, inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const input of inputs) {
    for (const file of await filesBelow(resolve(root, input))) hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex');
}

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTDIR') return undefined;
      throw error;
    },
  );
  if (!entries) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
