import { App } from 'aws-cdk-lib';
import { synth } from './synth.ts';

try {
  await synth(new App());
} catch (error) {
  // A wrong setting or rule is the user's to read: no stack trace of ours in front of it.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
