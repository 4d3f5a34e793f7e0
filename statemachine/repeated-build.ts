import { reportState } from './outcome-states.ts';
import { outcomes } from './outcomes.ts';
import type { Diagnosis } from './payloads.ts';
import { pullBuild } from './pull-build.ts';
import { type States, step } from './states.ts';

/** What the states of a build refer to. */
export interface BuildParts {
  readonly diagnoseArn: string;
  /** the pull projects are `<prefix>-lambda` and `<prefix>-ec2` */
  readonly pullProjectPrefix: string;
}

const DIAGNOSIS: readonly (keyof Diagnosis)[] = ['Error', 'Cause', 'again', 'seconds', 'attempts', 'since'];

/**
 * A build that looks at the ref. What may pass (a host that is away, CodeBuild's limit, a killed build) is waited out,
 * and then it is built again.
 */
export function buildStates(parts: BuildParts, build: string, comment: string, next: string): States {
  const [diagnose, again, rest] = [`Diagnose ${build}`, `${build} again?`, `Rest before ${build}`];
  const givenUp = reportState(outcomes.pullFailed);
  const diagnosis = step(parts.diagnoseArn, '$.error', DIAGNOSIS);
  return {
    [build]: {
      ...pullBuild(parts.pullProjectPrefix),
      Comment: comment,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.pullError', Next: diagnose }],
      Next: next,
    },
    [diagnose]: {
      ...diagnosis,
      // A member that the function of another release does not have would end the execution.
      ResultSelector: { ...Object(diagnosis.ResultSelector), 'more.$': '$.Payload' },
      Parameters: {
        FunctionName: parts.diagnoseArn,
        Payload: {
          'state.$': '$',
          'executionArn.$': '$$.Execution.Id',
          'retries.$': '$$.State.RetryCount',
        },
      },
      Comment: 'Why the build failed, and whether that may pass',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: givenUp }],
      Next: again,
    },
    [again]: {
      Type: 'Choice',
      Choices: [{ Variable: '$.error.again', BooleanEquals: true, Next: rest }],
      Default: givenUp,
    },
    [rest]: {
      Type: 'Wait',
      Comment: 'The longer, the more often it failed; as long as the host asks for',
      SecondsPath: '$.error.seconds',
      Next: build,
    },
  };
}
