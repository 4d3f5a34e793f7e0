import * as z from 'zod';
import { type PipelineStatus, pipelineStateSchema, STATUS_OF_STATE } from '../../events/pipeline-status.ts';
import { statusWriter, untold } from '../shared/commit-status.ts';
import { recordNews } from '../shared/pipeline-run.ts';
import { tellDeliveries } from '../shared/tell-deliveries.ts';
import { failedAction } from './failed-action.ts';

/** What CodePipeline puts on the account's default bus, as far as it is read. */
export const pipelineEventSchema = z.object({
  time: z.string(),
  detail: z.object({
    pipeline: z.string(),
    'execution-id': z.string(),
    state: pipelineStateSchema,
    'pipeline-execution-attempt': z.number().default(1),
  }),
});

/** The status on record, which is a later one's when the event is late, and how many deliveries were told of it. */
export interface ResultRecorded {
  readonly outcome: PipelineStatus | undefined;
  readonly deliveries: number;
}

/**
 * Records what has become of a pipeline execution, and tells the deliveries that started it. An execution that nobody of
 * ours started is on record too: StartPipeline may not have said yet that it is ours. Told twice, it changes nothing. Throws
 * `HostUnreachable` where all is on record but a host takes its last status only later: Lambda calls again.
 */
export async function pipelineResult({
  time,
  detail,
}: z.infer<typeof pipelineEventSchema>): Promise<ResultRecorded> {
  const executionId = detail['execution-id'];
  const status = STATUS_OF_STATE[detail.state];
  const failure = status === 'Failed' ? await failedAction(detail.pipeline, executionId) : undefined;
  const run = await recordNews(executionId, {
    status,
    failure,
    attempt: detail['pipeline-execution-attempt'],
    time,
  });
  const untaken = await tellDeliveries(executionId, run, statusWriter());
  if (untaken) throw untold(untaken);
  return { outcome: run.status, deliveries: run.deliveries.size };
}
