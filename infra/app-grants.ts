import type { HooklineFunction } from './hookline-function.ts';
import type { Secrets } from './secrets.ts';

/** Lets a function mint tokens, where a host may have an App. */
export function allowApps(made: HooklineFunction, { apps }: Secrets): void {
  if (!apps) return;
  made.function.addEnvironment('APPS_SECRET_ARN', apps.secretArn);
  made.allow(['secretsmanager:GetSecretValue'], [apps.secretArn]);
}
