import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readRules } from '../events/rule-file.ts';
import { HooklineStack } from './hookline-stack.ts';
import { readSettings } from './settings.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const app = new App();
try {
  // `cdk synth --context rules=FOLDER`
  const rules = readRules(resolve(ROOT, String(app.node.tryGetContext('rules') ?? 'events/rules')));
  const settings = readSettings(app.node.tryGetContext('hookline'));
  new HooklineStack(app, 'Hookline', { settings, rules });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
} catch (error) {
  // A wrong setting or rule is the user's to read: no stack trace of ours in front of it.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
