import { buildUrl } from './answers.ts';
import { type ActionExecution, type Execution, hasEnded } from './execution.ts';
import type { Stage } from './pipeline.ts';
import { newestFirst, type Tables, unendedExecutions, type Version } from './tables.ts';

interface Latest {
  readonly execution: Execution;
  readonly actionExecution: ActionExecution;
}

/** The last state of each stage and action, as GetPipelineState shows it. */
export function stateOf(tables: Tables, { number, pipeline, created, updated }: Version): object {
  const latest = latestOf(tables, pipeline.name, pipeline.stages);
  const waiting = unendedExecutions(tables, pipeline.name)
    .filter(({ begun }) => !begun)
    .map(({ id, status }) => ({ pipelineExecutionId: id, status }));
  const states = pipeline.stages.map((stage, index) => ({
    stageName: stage.name,
    inboundTransitionState: { enabled: true },
    ...(index === 0 && waiting.length > 0 && { inboundExecutions: waiting }),
    ...stageState(stage, latest, pipeline.arn),
  }));
  return { pipelineName: pipeline.name, pipelineVersion: number, stageStates: states, created, updated };
}

const keyOf = (stage: string, action: string): string => `${stage}/${action}`;

/** By stage and action; reads back no further than to where each has been found. */
function latestOf(tables: Tables, pipeline: string, stages: readonly Stage[]): Map<string, Latest> {
  const wanted = new Set(
    stages.flatMap(({ name, actions }) => actions.map((each) => keyOf(name, each.name))),
  );
  const found = new Map<string, Latest>();
  for (const execution of newestFirst(tables, pipeline)) {
    if (wanted.size === 0) break;
    for (const actionExecution of execution.actions) {
      const key = keyOf(actionExecution.stage, actionExecution.action);
      if (wanted.delete(key)) found.set(key, { execution, actionExecution });
    }
  }
  return found;
}

function stageState({ name, actions }: Stage, latest: ReadonlyMap<string, Latest>, arn: string): object {
  const states = actions.map((action) => ({ action, last: latest.get(keyOf(name, action.name)) }));
  const [newest] = states.flatMap(({ last }) => last?.execution ?? []).sort((a, b) => b.number - a.number);
  return {
    actionStates: states.map(({ action, last }) => ({
      actionName: action.name,
      ...(last && { ...currentRevision(last), latestExecution: actionState(last, arn) }),
    })),
    ...(newest && {
      latestExecution: { pipelineExecutionId: newest.id, status: stageStatus(newest, name, actions.length) },
    }),
  };
}

function currentRevision({ execution, actionExecution }: Latest): object {
  const revision = execution.revisions.find(({ action }) => action === actionExecution.action);
  if (!revision || actionExecution.stage !== execution.actions[0]?.stage) return {};
  const { revisionId, created } = revision;
  return {
    currentRevision: { revisionId, revisionChangeId: revisionId, created },
    revisionUrl: revision.revisionUrl,
  };
}

function actionState({ actionExecution }: Latest, arn: string): object {
  const { id, status, lastUpdateTime, externalId, summary, error } = actionExecution;
  return {
    actionExecutionId: id,
    status,
    lastStatusChange: lastUpdateTime,
    ...(summary !== undefined && { summary }),
    ...(externalId !== undefined && {
      externalExecutionId: externalId,
      externalExecutionUrl: buildUrl(arn, externalId),
    }),
    ...(error && { errorDetails: error }),
  };
}

/** A stage has succeeded when all its actions have, whatever became of the execution later. */
export function stageStatus(execution: Execution, stage: string, actions: number): string {
  const ofStage = execution.actions.filter((each) => each.stage === stage);
  if (ofStage.length === actions && ofStage.every(({ status }) => status === 'Succeeded')) return 'Succeeded';
  if (execution.stop) return hasEnded(execution) ? 'Stopped' : 'Stopping';
  return ofStage.some(({ status }) => status === 'Failed') ? 'Failed' : 'InProgress';
}
