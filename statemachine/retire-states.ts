import { routeSchema } from '../events/decision.ts';
import { reportState } from './outcome-states.ts';
import { outcomes } from './outcomes.ts';
import { COPY_STEP_SECONDS, PUBLISH_RESULT } from './publish-states.ts';
import { type BuildParts, buildStates } from './repeated-build.ts';
import { type States, step } from './states.ts';
import { takesDown } from './take-down.ts';

/** The functions of these states. */
export interface RetireParts extends BuildParts {
  readonly retireArn: string;
  /** where a rule has a pipeline for each branch, or one for the end */
  readonly takeDownArn?: string | undefined;
}

/** A request was closed. */
export const CLOSED = { Variable: '$.route', StringEquals: routeSchema.enum.close };

/** The choice of what is to be taken down, where a rule of the deployment asks for that. */
export const ifTakenDown = (
  { takeDownArn }: Pick<RetireParts, 'takeDownArn'>,
  condition: object,
  end: 'on-delete' | 'on-close',
): object[] => (takeDownArn === undefined ? [] : [{ And: [condition, takesDown(end)], Next: 'TakeDown' }]);

/** What becomes of a deleted ref, and of a closed request: its pointer goes, and what is its own is taken down. */
export function retireStates(parts: RetireParts): States {
  return {
    ...buildStates(parts, 'ConfirmGone', 'A deleted ref may be there again', 'Retire'),
    Retire: {
      ...step(parts.retireArn, '$.publish', PUBLISH_RESULT, COPY_STEP_SECONDS),
      Comment: 'Removes the pointer of a ref that is gone, or of a closed request; its versions stay',
      Catch: [
        { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: reportState(outcomes.publishFailed) },
      ],
      Next: 'Retired?',
    },
    'Retired?': {
      Type: 'Choice',
      Choices: [
        ...ifTakenDown(parts, CLOSED, 'on-close'),
        {
          And: [CLOSED, { Variable: '$.publish.outcome', StringEquals: outcomes.ignored }],
          Next: reportState(outcomes.ignored),
        },
        {
          And: [CLOSED, { Variable: '$.publish.outcome', StringEquals: outcomes.refRetired }],
          Next: reportState(outcomes.refRetired),
        },
        ...ifTakenDown(
          parts,
          { Variable: '$.publish.outcome', StringEquals: outcomes.refRetired },
          'on-delete',
        ),
        {
          Variable: '$.publish.outcome',
          StringEquals: outcomes.refRetired,
          Next: reportState(outcomes.refRetired),
        },
      ],
      Default: reportState(outcomes.superseded),
    },
  };
}
