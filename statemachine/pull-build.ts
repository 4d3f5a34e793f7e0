import { LATER_EXPORTS, type PullExport, pullExports } from './pull-exports.ts';
import { codeBuildErrors } from './service-errors.ts';

// A pull takes at most 15 min on Lambda compute and 60 on EC2; a build may queue as long again.
export const PULL_TIMEOUT_SECONDS = 2 * 60 * 60;

/** The build that looks the ref up and pulls its commit. */
export function pullBuild(pullProjectPrefix: string): Record<string, unknown> {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::codebuild:startBuild.sync',
    Parameters: {
      'ProjectName.$': `States.Format('{}-{}', '${pullProjectPrefix}', $.rule.pull.compute)`,
      EnvironmentVariablesOverride: [
        // The pull reads these members and no others: CodeBuild limits the total length of a build's variables.
        { Name: 'HOOKLINE_DELIVERY', Type: 'PLAINTEXT', 'Value.$': 'States.JsonToString($.delivery)' },
        { Name: 'HOOKLINE_PULL', Type: 'PLAINTEXT', 'Value.$': 'States.JsonToString($.rule.pull)' },
        { Name: 'HOOKLINE_ASKED', Type: 'PLAINTEXT', 'Value.$': 'States.JsonToString($.asked)' },
      ],
    },
    ResultSelector: Object.fromEntries(
      pullExports.map((name) => [`${pulledMember(name)}.$`, exported(name)]),
    ),
    ResultPath: '$.pull',
    TimeoutSeconds: PULL_TIMEOUT_SECONDS,
    // The account's build limit or a failed call: 5 + 10 + 20 + 40 + 60 × 6 s at most, some 7 min. Diagnose deals with
    // an error that lasts longer, as with a build that failed.
    Retry: [
      {
        ErrorEquals: codeBuildErrors,
        IntervalSeconds: 5,
        MaxAttempts: 10,
        BackoffRate: 2,
        MaxDelaySeconds: 60,
        JitterStrategy: 'FULL',
      },
    ],
  };
}

function exported(name: PullExport): string {
  const values = `$.Build.ExportedEnvironmentVariables[?(@.Name == '${name}')].Value`;
  // The first of no values would end the execution. The steps take a list with one value, or none, for that value.
  return LATER_EXPORTS.some((later) => later === name) ? values : `States.ArrayGetItem(${values}, 0)`;
}

/** `HOOKLINE_VERSION_ID` is `versionId` of `Pulled`. */
function pulledMember(name: string): string {
  return name
    .replace('HOOKLINE_', '')
    .toLowerCase()
    .replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
