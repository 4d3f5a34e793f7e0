/** An environment variable as the API writes it. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type: 'PLAINTEXT' | 'PARAMETER_STORE' | 'SECRETS_MANAGER';
}

/** A build project of the template, as the API shows it. */
export interface Project {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly serviceRole: string;
  readonly timeoutInMinutes: number;
  readonly queuedTimeoutInMinutes: number;
  readonly source: {
    readonly type: string;
    readonly location?: string | undefined;
    readonly buildspec?: string | undefined;
  };
  readonly sourceVersion?: string | undefined;
  readonly artifacts: { readonly type: string };
  readonly environment: {
    readonly type: string;
    readonly image: string;
    readonly computeType: string;
    readonly privilegedMode: boolean;
    readonly environmentVariables: readonly Variable[];
  };
  readonly logsConfig: {
    readonly cloudWatchLogs: { readonly status: 'ENABLED' | 'DISABLED'; readonly groupName: string };
  };
}

/** Whether builds in an environment of this type run on Lambda compute, which has limits of its own. */
export function isLambda(environmentType: string): boolean {
  return environmentType.includes('_LAMBDA_');
}
