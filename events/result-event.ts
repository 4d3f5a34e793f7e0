import * as z from 'zod';
import { pipelineStatusSchema } from './pipeline-status.ts';

/** The event of a delivery that has come to its outcome. Its source is that of the webhooks, which no rule of ours mistakes it for. */
export const DELIVERY_ENDED = 'delivery ended';

/** The event of a pipeline execution that a delivery has started and that has ended; there may be another after a retry. */
export const PIPELINE_ENDED = 'pipeline ended';

const text = z.string().default('');

/**
 * The `detail` of both events: what is on record of the delivery, `""` for what there is not. No member is called as one
 * of a webhook's event is (events/bus-event.ts), so that no pattern for webhooks takes it.
 */
export const resultDetailSchema = z.object({
  delivery: z.object({
    /** the git host's name in the settings */
    host: z.string(),
    /** the host's id of the delivery */
    id: z.string(),
    /** the host's name for what happened: `push` */
    event: z.string(),
    /** `owner/name` */
    repository: text,
    /** `refs/heads/main` */
    ref: text,
    commit: text,
    /** ISO time at which the delivery came */
    receivedAt: z.string(),
    /** the replay that sent it again */
    replayName: text,
  }),
  /** the rule that took it */
  rule: z.string(),
  /** how the delivery ended: `PipelineStarted` */
  outcome: text,
  /** of a delivery that failed: the error's name, and what it says */
  error: text,
  message: text,
  /** why the rule did not take it, or what git has decided of the rule's filter */
  reason: text,
  /** the execution of the delivery machine */
  executionArn: z.string(),
  artifact: z.object({ key: text, versionId: text }),
  pipeline: z.object({
    name: text,
    executionId: text,
    /** `InProgress` in the event of a delivery, and how it ended in that of a pipeline; `""` without a pipeline */
    status: z.union([pipelineStatusSchema, z.literal('')]).default(''),
    /** ISO time */
    endedAt: text,
    /** of one that failed, the stage and the action that did, and the first line of what the action says */
    failedStage: text,
    failedAction: text,
    message: text,
  }),
});

export type ResultDetail = z.infer<typeof resultDetailSchema>;

const recordSchema = z.object({
  host: z.string(),
  deliveryId: z.string(),
  event: z.string(),
  repository: text,
  ref: text,
  commit: text,
  receivedAt: z.string(),
  firstReceivedAt: text,
  replayName: text,
  rule: z.string(),
  outcome: text,
  error: text,
  message: text,
  reason: text,
  executionArn: z.string(),
  artifactKey: text,
  versionId: text,
  pipeline: text,
  pipelineExecutionId: text,
  pipelineStatus: z.union([pipelineStatusSchema, z.literal('')]).default(''),
  pipelineEndedAt: text,
  pipelineFailedStage: text,
  pipelineFailedAction: text,
  pipelineMessage: text,
});

/** The detail of a delivery's record in the Deliveries table. */
export function resultDetailOf(record: unknown): ResultDetail {
  const { rule, outcome, error, message, reason, executionArn, ...row } = recordSchema.parse(record);
  const { host, deliveryId: id, event, repository, ref, commit, replayName } = row;
  const receivedAt = row.firstReceivedAt || row.receivedAt;
  return {
    delivery: { host, id, event, repository, ref, commit, receivedAt, replayName },
    rule,
    outcome,
    error,
    message,
    reason,
    executionArn,
    artifact: { key: row.artifactKey, versionId: row.versionId },
    pipeline: {
      name: row.pipeline,
      executionId: row.pipelineExecutionId,
      status: row.pipelineStatus,
      endedAt: row.pipelineEndedAt,
      failedStage: row.pipelineFailedStage,
      failedAction: row.pipelineFailedAction,
      message: row.pipelineMessage,
    },
  };
}
