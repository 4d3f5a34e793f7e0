import { App } from 'aws-cdk-lib';
import { synth } from './synth.ts';

try {
  // Without it the CDK would synthesize once more at the end, also what has failed: an assembly without a stack.
  await synth(new App({ autoSynth: false }));
} catch (error) {
  // A wrong setting or rule is the user's to read: no stack trace of ours in front of it.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
