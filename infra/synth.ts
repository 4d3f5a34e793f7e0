import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type App, Validations } from 'aws-cdk-lib';
import { deployedRules, type NamedRule } from '../events/rule.ts';
import { readRules } from '../events/rule-file.ts';
import { removeBundles } from './bundle.ts';
import { HooklineStack } from './hookline-stack.ts';
import { namesOf } from './names.ts';
import { readSettings } from './settings.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Writes the cloud assembly of an app: its context has the settings as `hookline`, and may name another folder of rules
 * as `rules`, as in `cdk synth --context rules=FOLDER`. With `local`, which `hookline up` sets, the stack has the example
 * pipeline too, and the rules that say `deploy: false`. cdk-nag looks at it too, unless the CDK is told to validate
 * nothing (`CDK_VALIDATION=false`).
 * @throws RuleFileError, or an error that names a wrong setting
 */
export async function synth(app: App): Promise<void> {
  const folder = String(app.node.tryGetContext('rules') ?? 'events/rules');
  const local = app.node.tryGetContext('local') === true;
  const rules = local ? readRules(resolve(ROOT, folder)) : rulesToDeploy(folder);
  const settings = readSettings(app.node.tryGetContext('hookline'), local);
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

/** @throws RuleFileError, or when the folder has rules of `hookline up` alone */
function rulesToDeploy(folder: string): readonly NamedRule[] {
  const rules = deployedRules(readRules(resolve(ROOT, folder)));
  if (rules.length > 0) return rules;
  throw new Error(`every rule of ${folder} says deploy: false, for hookline up alone: add one to deploy`);
}
