import { GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { FailedAction } from '../../events/failed-action.ts';
import { type PipelineStatus, pipelineStatusSchema } from '../../events/pipeline-status.ts';
import { pipelineRunId } from '../../statemachine/record-ids.ts';
import { expiry } from './delivery-record.ts';
import { conditionFailed, dynamo } from './dynamo.ts';
import { environment } from './setting.ts';

const runSchema = z.object({
  /** undefined until CodePipeline tells of more than the start */
  status: pipelineStatusSchema.optional(),
  /** of two events, the later one has the higher text */
  order: z.string().default(''),
  /** ISO time, `''` while it runs */
  endedAt: z.string().default(''),
  /** of an execution that failed, the action that did */
  failure: z
    .object({
      ...{ stage: z.string(), action: z.string(), message: z.string() },
      ...{ summary: z.string().default(''), url: z.string().default('') },
    })
    .nullable()
    .default(null),
  /** the keys of the deliveries whose commit it builds */
  deliveries: z.set(z.string()).default(new Set()),
});

/** A pipeline execution: what CodePipeline has told of it, and whose it is. Either may be known first. */
export type PipelineRun = z.infer<typeof runSchema>;

/** What one event of CodePipeline tells of an execution. */
export interface PipelineNews {
  readonly status: PipelineStatus;
  /** how often the execution was begun, from 1 */
  readonly attempt: number;
  /** ISO time of the event */
  readonly time: string;
  readonly failure?: FailedAction | undefined;
}

/** The execution as it is on record at this moment. */
export async function readRun(executionId: string): Promise<PipelineRun> {
  const { Item } = await dynamo().send(
    new GetCommand({
      TableName: environment('DELIVERIES_TABLE'),
      Key: { id: pipelineRunId(executionId) },
      ConsistentRead: true,
    }),
  );
  return runSchema.parse(Item ?? {});
}

/** Records that an execution builds the commit of a delivery, whose own record names the execution already. */
export function recordDelivery(executionId: string, key: string): Promise<PipelineRun> {
  return update(executionId, {
    UpdateExpression: 'SET #expires = :expires ADD #deliveries :deliveries',
    ExpressionAttributeNames: { '#expires': 'expires', '#deliveries': 'deliveries' },
    ExpressionAttributeValues: { ':expires': expiry(), ':deliveries': new Set([key]) },
  });
}

/** Records what CodePipeline tells of an execution, unless a later event was first. @returns the execution as it is then */
export async function recordNews(executionId: string, news: PipelineNews): Promise<PipelineRun> {
  const { status, time, failure = null } = news;
  const endedAt = status === 'InProgress' ? '' : time;
  try {
    return await update(executionId, {
      UpdateExpression:
        'SET #expires = :expires, #status = :status, #order = :order, #endedAt = :endedAt, #failure = :failure',
      ConditionExpression: 'attribute_not_exists(#order) OR #order < :order',
      ExpressionAttributeNames: {
        '#expires': 'expires',
        '#status': 'status',
        '#order': 'order',
        '#endedAt': 'endedAt',
        '#failure': 'failure',
      },
      ExpressionAttributeValues: {
        ':expires': expiry(),
        ':status': status,
        ':order': orderOf(news),
        ':endedAt': endedAt,
        ':failure': failure,
      },
    });
  } catch (error) {
    if (conditionFailed(error)) return readRun(executionId);
    throw error;
  }
}

/**
 * EventBridge keeps no order and tells twice: a later attempt comes after an earlier one, within an attempt its end comes
 * last, and of two ends the time decides.
 */
export function orderOf({ status, attempt, time }: PipelineNews): string {
  return `${String(attempt).padStart(6, '0')} ${status === 'InProgress' ? 'runs' : 'runs no more'} ${time}`;
}

type Change = Omit<UpdateCommandInput, 'TableName' | 'Key' | 'ReturnValues'>;

async function update(executionId: string, change: Change): Promise<PipelineRun> {
  const { Attributes } = await dynamo().send(
    new UpdateCommand({
      TableName: environment('DELIVERIES_TABLE'),
      Key: { id: pipelineRunId(executionId) },
      ReturnValues: 'ALL_NEW',
      ...change,
    }),
  );
  return runSchema.parse(Attributes);
}
