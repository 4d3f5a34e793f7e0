import {
  type ActionExecutionDetail,
  CodePipelineClient,
  ListActionExecutionsCommand,
} from '@aws-sdk/client-codepipeline';
import type { FailedAction } from '../../events/failed-action.ts';
import { cut, oneLine } from '../../events/template.ts';

/** A message may be 5,000 characters; who wants all of it looks at the execution. */
const MAX_MESSAGE_LENGTH = 400;

/** The pipeline, or its execution, is there no more. */
const GONE = ['PipelineNotFoundException', 'PipelineExecutionNotFoundException'];

let client: CodePipelineClient | undefined;

/** The action of a pipeline execution that failed last; undefined when CodePipeline knows of none. */
export async function failedAction(
  pipelineName: string,
  pipelineExecutionId: string,
): Promise<FailedAction | undefined> {
  client ??= new CodePipelineClient();
  try {
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new ListActionExecutionsCommand({ pipelineName, filter: { pipelineExecutionId }, nextToken }),
      );
      // The newest comes first.
      const failed = page.actionExecutionDetails?.find(({ status }) => status === 'Failed');
      if (failed) return described(failed);
      nextToken = page.nextToken;
    } while (nextToken);
    return undefined;
  } catch (error) {
    if (error instanceof Error && GONE.includes(error.name)) return undefined;
    throw error;
  }
}

function described({ stageName = '', actionName = '', output }: ActionExecutionDetail): FailedAction {
  const { errorDetails, externalExecutionSummary, externalExecutionUrl = '' } = output?.executionResult ?? {};
  const summary = (errorDetails?.message || externalExecutionSummary || '').trim();
  const [line = ''] = summary.split(/\r?\n/);
  return {
    ...{ stage: stageName, action: actionName, message: cut(oneLine(line), MAX_MESSAGE_LENGTH) },
    ...{ summary, url: /^https:\/\/[^\s()]+$/.test(externalExecutionUrl) ? externalExecutionUrl : '' },
  };
}
