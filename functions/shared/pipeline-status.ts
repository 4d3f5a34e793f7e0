import { failureWords } from '../../events/failed-action.ts';
import { codeBlock } from '../../events/markdown.ts';
import type { PipelineStatus } from '../../events/pipeline-status.ts';
import type { StatusState } from '../../events/provider.ts';
import type { PipelineRun } from './pipeline-run.ts';

/** What the commit's page says while its pipeline runs. */
export const RUNS: readonly [StatusState, string] = ['pending', 'The pipeline runs'];

/** What the commit's page says of a pipeline execution. A commit that was not built to the end is no success. */
const RESULTS: Readonly<Record<PipelineStatus, readonly [StatusState, string]>> = {
  InProgress: RUNS,
  Succeeded: ['success', 'The pipeline succeeded'],
  Failed: ['failure', 'The pipeline failed'],
  Stopped: ['failure', 'The pipeline was stopped'],
  Superseded: ['failure', 'A newer execution of the pipeline took the place of this one'],
  Cancelled: ['failure', 'The pipeline was changed while it ran'],
};

/** What the commit's page says of a pipeline execution, and of one that failed by which action. */
export function resultOf({ status = 'InProgress', failure }: PipelineRun): readonly [StatusState, string] {
  const [state, words] = RESULTS[status];
  return [state, status === 'Failed' && failure ? `${words} in ${failureWords(failure)}` : words];
}

/** What a check run says at length of an execution that failed: the whole of what the action says. Undefined for any other. */
export function summaryOf({ status, failure }: PipelineRun): string | undefined {
  if (status !== 'Failed' || !failure) return undefined;
  const { stage, action, message, summary, url } = failure;
  const said = summary || message;
  return [
    `The pipeline failed in stage \`${stage}\`, action \`${action}\`.`,
    ...(said ? [codeBlock(said)] : []),
    ...(url ? [`[What the action has logged](${url})`] : []),
  ].join('\n\n');
}
