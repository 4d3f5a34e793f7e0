import { GetPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import type { Connection } from '../connection/connection.ts';
import type { DeliveryRow } from './index.ts';

/**
 * The status of the pipeline's execution that a delivery started: `InProgress`, `Succeeded`, …; undefined when none was
 * started.
 */
export async function statusOfPipeline(
  { codepipeline }: Connection,
  { pipeline, pipelineExecutionId }: DeliveryRow,
): Promise<string | undefined> {
  if (pipeline === '' || pipelineExecutionId === '') return undefined;
  const { pipelineExecution } = await codepipeline.send(
    new GetPipelineExecutionCommand({ pipelineName: pipeline, pipelineExecutionId }),
  );
  return pipelineExecution?.status;
}
