import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { pipelinePage } from '../../events/aws-console.ts';
import { PIPELINE_ENDED } from '../../events/result-event.ts';
import type { StatusWriter, ToldStatus } from './commit-status.ts';
import { conditionFailed, dynamo } from './dynamo.ts';
import { type PipelineRun, readRun } from './pipeline-run.ts';
import { resultOf, summaryOf } from './pipeline-status.ts';
import { putResult } from './put-result.ts';
import { environment } from './setting.ts';

const text = z.string().default('');
const recordSchema = z.looseObject({
  host: z.string(),
  pipeline: text,
  repository: text,
  commit: text,
  /** what became of the commit status before */
  status: text,
  statusContext: text,
  /** `check` for a check run */
  statusKind: text,
});

type DeliveryRecord = z.infer<typeof recordSchema>;

/**
 * Brings what is known of a pipeline execution to the records and the commit statuses of its deliveries. Whoever tells of
 * it at the same time may have an older state, and write its status last: each looks again until both agree.
 * @returns why a host has not taken the last status of one of them, which it may take later; `""` where all is told
 */
export async function tellDeliveries(
  executionId: string,
  run: PipelineRun,
  write: StatusWriter,
): Promise<string> {
  for (let told = run; told.status !== undefined; ) {
    let untaken = '';
    for (const key of told.deliveries) {
      const written = await tellDelivery(executionId, key, told, write);
      if (written?.later) untaken = written.reason;
    }
    const now = await readRun(executionId);
    if (now.order === told.order) return told.status === 'InProgress' ? '' : untaken;
    told = now;
  }
  return '';
}

async function tellDelivery(
  executionId: string,
  key: string,
  run: PipelineRun,
  write: StatusWriter,
): Promise<ToldStatus | undefined> {
  const record = await updateRecord(executionId, key, {
    pipelineStatus: run.status,
    pipelineEndedAt: run.endedAt,
    pipelineFailedStage: run.failure?.stage ?? '',
    pipelineFailedAction: run.failure?.action ?? '',
    pipelineMessage: run.failure?.message ?? '',
    pipelineOrder: run.order,
  });
  const written = record && (await writeResult(executionId, record, run, write));
  if (written)
    await updateRecord(executionId, key, {
      pipelineOrder: run.order,
      status: written.status,
      statusReason: written.reason,
    });
  if (record && run.status !== 'InProgress') await putResult(PIPELINE_ENDED, record);
  return written;
}

/** A status that a host refused when the pipeline started may be taken now. */
async function writeResult(
  executionId: string,
  record: DeliveryRecord,
  run: PipelineRun,
  write: StatusWriter,
): Promise<ToldStatus | undefined> {
  const { host, repository, commit, pipeline, statusContext: context } = record;
  const isWanted = record.status === 'written' || record.status === 'refused';
  if (!isWanted || run.status === undefined || repository === '' || commit === '' || context === '')
    return undefined;
  const [state, description] = resultOf(run);
  const targetUrl = pipelinePage(environment('AWS_REGION'), pipeline, executionId);
  const check = record.statusKind === 'check';
  const summary = summaryOf(run);
  return write(host, { repository, commit, state, description, context, targetUrl, check, summary });
}

interface Told {
  readonly pipelineOrder: string;
  readonly [name: string]: string | undefined;
}

/** @returns the record; undefined when the delivery has started another execution since, or a later state is on record */
async function updateRecord(
  executionId: string,
  key: string,
  values: Told,
): Promise<DeliveryRecord | undefined> {
  const names = Object.keys(values);
  try {
    const { Attributes } = await dynamo().send(
      new UpdateCommand({
        TableName: environment('DELIVERIES_TABLE'),
        Key: { id: key },
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression:
          '#execution = :execution AND (attribute_not_exists(#pipelineOrder) OR #pipelineOrder <= :pipelineOrder)',
        ExpressionAttributeNames: {
          '#execution': 'pipelineExecutionId',
          ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
        },
        ExpressionAttributeValues: {
          ':execution': executionId,
          ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return recordSchema.parse(Attributes);
  } catch (error) {
    if (conditionFailed(error)) return undefined;
    throw error;
  }
}
