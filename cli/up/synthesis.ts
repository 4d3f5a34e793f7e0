import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

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

/**
 * Writes the cloud assembly, unless the last one was made of the same inputs.
 * @param root the project's folder, that of cdk.json
 * @throws with what `cdk synth` printed when it fails
 */
export async function synthesize(root: string): Promise<Synthesis> {
  const directory = join(root, 'cdk.out');
  const stamp = join(directory, STAMP);
  const inputs = await hashOf(root, INPUTS);
  const last = await readFile(stamp, 'utf8').catch(() => '');
  if (last === inputs) return { directory, reused: true };
  const cdk = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const result = await execa(process.execPath, [cdk, 'synth', '--quiet', '--output', directory], {
    cwd: root,
    all: true,
    reject: false,
    env: { CI: 'true', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  if (result.failed) throw new Error(`cdk synth failed:\n${result.all}`);
  await writeFile(stamp, inputs);
  return { directory, reused: false };
}

/** What tells whether something must be made again: the contents of the files and folders it is made of. */
export async function hashOf(root: string, inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const input of inputs) {
    for (const file of await filesBelow(join(root, input))) hash.update(file).update(await readFile(file));
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
