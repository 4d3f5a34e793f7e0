import { fileURLToPath } from 'node:url';
import { project } from '../../cli/up/synthesis.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface SynthesizeHereOptions {
  /** the folder of rules in place of events/rules */
  readonly rules?: string;
  /** settings of `hookline` in place of those of cdk.json */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/**
 * As `hookline up` synthesizes, in this process: several tests of a file share what it has loaded. `up` itself, with a
 * process for each synthesis, runs in test/e2e/up.long.test.ts.
 * @returns the folder of the cloud assembly, which is `outdir`
 */
export async function synthesizeHere(
  outdir: string,
  { rules, settings = {} }: SynthesizeHereOptions,
): Promise<string> {
  // Most files start what is synthesized already, and need none of it.
  const [{ App }, { synth }, { context }] = await Promise.all([
    import('aws-cdk-lib'),
    import('../../infra/synth.ts'),
    project(ROOT),
  ]);
  const hookline = { ...Object(context.hookline), ...settings };
  const { CDK_VALIDATION: before } = process.env;
  process.env.CDK_VALIDATION = 'false';
  try {
    await synth(
      new App({ outdir, context: { ...context, hookline, local: true, ...(rules ? { rules } : {}) } }),
    );
  } finally {
    if (before === undefined) delete process.env.CDK_VALIDATION;
    else process.env.CDK_VALIDATION = before;
  }
  return outdir;
}
