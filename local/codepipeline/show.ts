import type { Pipeline } from './definition.ts';
import type { ActionExecution, Execution } from './execution.ts';

/** An execution as GetPipelineExecution shows it. */
export function shownExecution({ mode }: Pipeline, execution: Execution): object {
  return {
    pipelineName: execution.pipeline,
    pipelineVersion: 1,
    pipelineExecutionId: execution.id,
    status: execution.status,
    statusSummary: execution.statusSummary,
    artifactRevisions: execution.revisions,
    variables: Object.entries(execution.variables).map(([name, resolvedValue]) => ({ name, resolvedValue })),
    trigger: execution.trigger,
    executionMode: mode,
    executionType: 'STANDARD',
  };
}

/** An execution as a line of ListPipelineExecutions. */
export function summaryOf({ mode }: Pipeline, execution: Execution): object {
  return {
    pipelineExecutionId: execution.id,
    status: execution.status,
    statusSummary: execution.statusSummary,
    startTime: execution.startTime,
    lastUpdateTime: execution.lastUpdateTime,
    sourceRevisions: execution.revisions.map(({ name, revisionId, revisionSummary, revisionUrl }) => ({
      actionName: name,
      revisionId,
      revisionSummary,
      revisionUrl,
    })),
    trigger: execution.trigger,
    stopTrigger: execution.stop && { reason: execution.stop.reason },
    executionMode: mode,
    executionType: 'STANDARD',
  };
}

/** An action as a line of ListActionExecutions. */
export function shownAction(pipeline: Pipeline, execution: Execution, done: ActionExecution): object {
  const action = pipeline.stages.flatMap(({ actions }) => actions).find(({ name }) => name === done.action);
  return {
    pipelineExecutionId: execution.id,
    actionExecutionId: done.id,
    pipelineVersion: 1,
    stageName: done.stage,
    actionName: done.action,
    startTime: done.startTime,
    lastUpdateTime: done.lastUpdateTime,
    status: done.status,
    input: {
      actionTypeId: { category: action?.category, owner: 'AWS', provider: action?.provider, version: '1' },
      configuration: action?.configuration,
      roleArn: action?.roleArn,
      namespace: action?.namespace,
      inputArtifacts: located(action?.inputs ?? [], execution),
    },
    output: {
      outputArtifacts: located(action?.outputs ?? [], execution),
      executionResult: {
        externalExecutionId: done.externalId,
        externalExecutionSummary: done.summary,
        errorDetails: done.error,
      },
      outputVariables: done.variables,
    },
  };
}

function located(names: readonly string[], { artifacts }: Execution): object[] {
  return names.flatMap((name) => {
    const stored = artifacts[name];
    return stored ? [{ name, s3location: { bucket: stored.bucket, key: stored.key } }] : [];
  });
}

/** What each stage and action was last seen doing, as GetPipelineState shows it. */
export function stateOf(pipeline: Pipeline, executions: readonly Execution[]): object {
  const latest = (stage: string, action: string) =>
    executions
      .flatMap((execution) => execution.actions.map((each) => ({ execution, each })))
      .find(({ each }) => each.stage === stage && each.action === action);
  return {
    pipelineName: pipeline.name,
    pipelineVersion: 1,
    stageStates: pipeline.stages.map(({ name: stageName, actions }) => {
      const states = actions.map((action) => ({ action, found: latest(stageName, action.name) }));
      const first = states.find(({ found }) => found)?.found;
      const statuses = states.map(({ found }) => found?.each.status);
      const status = statuses.find((each) => each !== 'Succeeded') ?? 'Succeeded';
      return {
        stageName,
        actionStates: states.map(({ action, found }) => ({
          actionName: action.name,
          latestExecution: found && {
            actionExecutionId: found.each.id,
            status: found.each.status,
            lastStatusChange: found.each.lastUpdateTime,
            externalExecutionId: found.each.externalId,
            errorDetails: found.each.error,
          },
        })),
        latestExecution: first && { pipelineExecutionId: first.execution.id, status },
      };
    }),
  };
}
