import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import * as z from 'zod';
import { isPem } from '../../events/certificates.ts';
import { addAssembly, isUsable } from './assembly-folder.ts';

// The inputs of a synthesis: the app, the bundled sources, and the bundled packages.
const INPUTS = [
  'cdk.json',
  'package-lock.json',
  'tsconfig.json',
  'infra',
  'functions',
  'statemachine',
  'events',
];

export interface Synthesis {
  /** the cloud assembly's folder */
  readonly directory: string;
  /** whether an earlier synthesis could be used again */
  readonly reused: boolean;
}

export interface SynthesisOptions {
  /** the folder of rules in place of events/rules */
  readonly rules?: string | undefined;
  /** as `cdk deploy` makes the stack, without what `hookline up` alone has */
  readonly deployed?: boolean | undefined;
  /** the folder of cloud assemblies in place of cdk.out/local */
  readonly output?: string | undefined;
  /** gives the synthesis up */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the cloud assembly into a folder named after its inputs, unless one was made of the same inputs already. What
 * was made of others stays, so a runtime may go on with it. `cdk synth` itself writes into cdk.out, and nothing here.
 * @param root the project's folder, that of cdk.json
 * @throws with what the app printed when it fails
 */
export async function synthesize(root: string, options: SynthesisOptions = {}): Promise<Synthesis> {
  const folder = options.output ?? join(root, 'cdk.out', 'local');
  const name = await nameOf(root, options);
  const last = join(folder, name);
  if (isUsable(last)) return { directory: last, reused: true };
  const make = async (staging: string): Promise<string | undefined> => {
    await runApp(root, staging, options);
    if (!isUsable(staging))
      throw new Error(`the app in ${join(root, 'cdk.json')} made no stack: let it make one`);
    // An input may have changed while the app read them: such an assembly is not kept.
    return (await nameOf(root, options)) === name ? name : undefined;
  };
  const directory = await addAssembly(folder, make).catch((cause: unknown) => {
    if (!isFull(cause)) throw cause;
    throw new Error(`no space is left in ${folder} or ${tmpdir()}: make room there`, { cause });
  });
  return directory === undefined ? synthesize(root, options) : { directory, reused: false };
}

async function nameOf(root: string, { rules, deployed }: SynthesisOptions): Promise<string> {
  const inputs = [...INPUTS, ...(await certificateFiles(root)), ...(rules ? [rules] : [])];
  return `${await hashOf(root, inputs)}${deployed ? '-deployed' : ''}`;
}

const certificatesSchema = z.looseObject({
  hosts: z.record(z.string(), z.looseObject({ ca: z.string().optional() })),
});

/** The files of certificates that cdk.json names and that are there: whether the settings are right is the app's to say. */
async function certificateFiles(root: string): Promise<string[]> {
  const { hookline } = (await project(root)).context;
  const { hosts } = certificatesSchema.catch({ hosts: {} }).parse(hookline);
  const files = Object.values(hosts).flatMap(({ ca }) => (ca === undefined || isPem(ca) ? [] : [ca]));
  return files.filter((file) => existsSync(resolve(root, file)));
}

const isFull = (error: unknown): boolean => error instanceof Error && /ENOSPC|EDQUOT/.test(error.message);

/** @param outdir an empty folder for the cloud assembly */
async function runApp(
  root: string,
  outdir: string,
  { rules, deployed = false, signal }: SynthesisOptions,
): Promise<void> {
  const { app, context } = await project(root);
  const result = await execa(app, {
    cwd: root,
    shell: true,
    all: true,
    reject: false,
    ...(signal ? { cancelSignal: signal } : {}),
    env: {
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, local: !deployed, ...(rules ? { rules } : {}) }),
      // `cdk synth` and `cdk deploy` run these checks. They take as long as all the rest.
      CDK_VALIDATION: 'false',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  if (result.failed) throw new Error(`the synthesis failed:\n${result.all}`);
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

/** A hash of the contents of files and folders, which changes when their products must be made again. */
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
