import {
  type CodePipelineClient,
  type ListPipelineExecutionsCommandOutput,
  PipelineNotFoundException,
  paginateListPipelineExecutions,
  paginateListPipelines,
} from '@aws-sdk/client-codepipeline';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { deliveryPages } from '../../../operate/deliveries/list.ts';
import type { DeliveryRow } from '../../../operate/deliveries/row.ts';
import { PENDING } from '../../../statemachine/outcomes.ts';
import type { Alive } from './survivor.ts';

/** A Hookline as it is at a moment. */
export interface Look {
  /** by delivery, the records since the run began */
  readonly rows: ReadonlyMap<string, readonly DeliveryRow[]>;
  /** the accepted deliveries of the git host and of the run */
  readonly accepted: ReadonlySet<string>;
  /** the executions of pipelines */
  readonly pipelines: readonly PipelineExecution[];
  /** what is not done yet, in words */
  readonly busy: readonly string[];
}

export interface PipelineExecution {
  readonly pipeline: string;
  readonly id: string;
  readonly status: string;
  /** the version of the artifact */
  readonly revision: string;
}

export interface Since {
  /** ISO time at which the run began */
  readonly time: string;
  /** the deliveries that the git host had then */
  readonly hostDeliveries: ReadonlySet<string>;
}

/** @throws when the runtime is killed meanwhile */
export async function look(alive: Alive, since: Since, sent: ReadonlySet<string>): Promise<Look> {
  const { deliveries } = await alive.running.ask();
  const ofRun = deliveries.filter(({ id }) => !since.hostDeliveries.has(id));
  const accepted = new Set([
    ...sent,
    ...ofRun.filter(({ statusCode }) => statusCode === ACCEPTED).map(({ id }) => id),
  ]);
  const [running, rows, pipelines] = await Promise.all([
    runningExecutions(alive),
    rowsOf(alive, since.time),
    pipelineExecutions(alive),
  ]);
  const unsent = ofRun.filter(({ status }) => status === 'pending');
  const unrecorded = [...accepted].filter((id) => !rows.get(id)?.some(hasEnded));
  return {
    rows,
    accepted,
    pipelines,
    busy: [
      ...unsent.map(({ id }) => `the host's delivery ${id} is not sent`),
      ...running.map((arn) => `the execution ${arn} runs`),
      ...unrecorded.map((id) => `the delivery ${id} has no outcome`),
      ...pipelines
        .filter(({ status }) => status === 'InProgress')
        .map(({ pipeline, id }) => `the execution ${id} of ${pipeline} is in progress`),
    ],
  };
}

const ACCEPTED = 202;

export const hasEnded = ({ outcome }: DeliveryRow): boolean => outcome !== '' && outcome !== PENDING;

async function runningExecutions({ connection: { sfn, outputs } }: Alive): Promise<string[]> {
  const { stateMachineArn } = outputs;
  const listed = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }));
  return (listed.executions ?? []).map(({ executionArn = '' }) => executionArn);
}

async function rowsOf({ connection }: Alive, since: string): Promise<Map<string, DeliveryRow[]>> {
  const rows = new Map<string, DeliveryRow[]>();
  for await (const page of deliveryPages(connection, { since }))
    for (const row of page) rows.set(row.deliveryId, [...(rows.get(row.deliveryId) ?? []), row]);
  return rows;
}

async function pipelineExecutions({ connection: { codepipeline } }: Alive): Promise<PipelineExecution[]> {
  const found: PipelineExecution[] = [];
  for await (const { pipelines = [] } of paginateListPipelines({ client: codepipeline }, {}))
    for (const { name = '' } of pipelines) found.push(...(await executionsOf(codepipeline, name)));
  return found;
}

async function executionsOf(client: CodePipelineClient, pipelineName: string): Promise<PipelineExecution[]> {
  const found: PipelineExecution[] = [];
  try {
    for await (const page of paginateListPipelineExecutions({ client }, { pipelineName }))
      found.push(...executionsIn(pipelineName, page));
  } catch (error) {
    // It was taken down since it was listed.
    if (!(error instanceof PipelineNotFoundException)) throw error;
  }
  return found;
}

const executionsIn = (
  pipeline: string,
  { pipelineExecutionSummaries = [] }: ListPipelineExecutionsCommandOutput,
): PipelineExecution[] =>
  pipelineExecutionSummaries.map(({ pipelineExecutionId = '', status = '', sourceRevisions = [] }) => ({
    pipeline,
    id: pipelineExecutionId,
    status,
    revision: sourceRevisions[0]?.revisionId ?? '',
  }));
