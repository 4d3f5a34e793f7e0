import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type App, Validations } from 'aws-cdk-lib';
import { readRules } from '../events/rule-file.ts';
import { removeBundles } from './bundle.ts';
import { HooklineStack } from './hookline-stack.ts';
import { namesOf } from './names.ts';
import { readSettings } from './settings.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Writes the cloud assembly of an app: its context has the settings as `hookline`, and may name another folder of rules
 * as `rules`, as in `cdk synth --context rules=FOLDER`. cdk-nag looks at it too, unless the CDK is told to validate
 * nothing (`CDK_VALIDATION=false`).
 * @throws RuleFileError, or an error that names a wrong setting
 */
export async function synth(app: App): Promise<void> {
  const rules = readRules(resolve(ROOT, String(app.node.tryGetContext('rules') ?? 'events/rules')));
  const settings = readSettings(app.node.tryGetContext('hookline'));
  try {
    new HooklineStack(app, namesOf(settings).stack, { settings, rules });
  } finally {
    removeBundles();
  }
  if (process.env.CDK_VALIDATION !== 'false') {
    const { AwsSolutionsChecks } = await import('cdk-nag');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
  app.synth();
}
