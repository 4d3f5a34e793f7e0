import type { ActionExecution, Execution } from './execution.ts';
import type { Action, Pipeline } from './pipeline.ts';
import type { Version } from './tables.ts';

/** A pipeline as GetPipeline shows it. */
export function shownPipeline({ number: version, pipeline, created, updated }: Version): {
  readonly pipeline: object;
  readonly metadata: object;
} {
  const { name, roleArn, type, mode, store, stages, variables, arn } = pipeline;
  return {
    pipeline: {
      name,
      roleArn,
      artifactStore: { type: 'S3', location: store },
      stages: stages.map((stage) => ({ name: stage.name, actions: stage.actions.map(shownAction) })),
      version,
      executionMode: mode,
      pipelineType: type,
      ...(type === 'V2' && { variables }),
    },
    metadata: { pipelineArn: arn, created, updated },
  };
}

/** A pipeline as a line of ListPipelines. */
export function pipelineSummary({ number: version, pipeline, created, updated }: Version): object {
  const { name, type: pipelineType, mode: executionMode } = pipeline;
  return { name, version, pipelineType, executionMode, created, updated };
}

function shownAction(action: Action): object {
  const { name, runOrder, configuration, inputs, outputs, ownRole, roleArn, namespace } = action;
  return {
    name,
    actionTypeId: typeOf(action),
    runOrder,
    configuration,
    inputArtifacts: inputs.map((each) => ({ name: each })),
    outputArtifacts: outputs.map((each) => ({ name: each })),
    ...(ownRole && { roleArn }),
    ...(namespace !== undefined && { namespace }),
  };
}

const typeOf = ({ category, provider }: Action) => ({ category, owner: 'AWS', provider, version: '1' });

/** An execution as GetPipelineExecution shows it. */
export function shownExecution({ pipeline }: Version, execution: Execution): object {
  const { id, version, status, statusSummary, revisions, variables, trigger } = execution;
  return {
    pipelineName: execution.pipeline,
    pipelineVersion: version,
    pipelineExecutionId: id,
    status,
    ...(statusSummary !== undefined && { statusSummary }),
    artifactRevisions: revisions.map(({ action, ...revision }) => revision),
    variables: Object.entries(variables).map(([name, resolvedValue]) => ({ name, resolvedValue })),
    trigger,
    executionMode: pipeline.mode,
    executionType: 'STANDARD',
  };
}

/** An execution as a line of ListPipelineExecutions. */
export function executionSummary({ pipeline }: Version, execution: Execution): object {
  const { id, status, statusSummary, startTime, lastUpdateTime, revisions, trigger, stop } = execution;
  return {
    pipelineExecutionId: id,
    status,
    ...(statusSummary !== undefined && { statusSummary }),
    startTime,
    lastUpdateTime,
    sourceRevisions: revisions.map(({ action, revisionId, revisionSummary, revisionUrl }) => ({
      actionName: action,
      revisionId,
      revisionSummary,
      revisionUrl,
    })),
    trigger,
    ...(stop && { stopTrigger: { reason: stop.reason } }),
    executionMode: pipeline.mode,
    executionType: 'STANDARD',
  };
}

/** An action as a line of ListActionExecutions. */
export function actionDetail(
  { pipeline }: Version,
  execution: Execution,
  actionExecution: ActionExecution,
): object {
  const action = pipeline.stages
    .find(({ name }) => name === actionExecution.stage)
    ?.actions.find(({ name }) => name === actionExecution.action);
  return {
    pipelineExecutionId: execution.id,
    actionExecutionId: actionExecution.id,
    pipelineVersion: execution.version,
    stageName: actionExecution.stage,
    actionName: actionExecution.action,
    startTime: actionExecution.startTime,
    lastUpdateTime: actionExecution.lastUpdateTime,
    status: actionExecution.status,
    ...(action && { input: inputOf(action, execution, actionExecution) }),
    output: {
      outputArtifacts: located(action?.outputs ?? [], execution),
      executionResult: resultOf(pipeline, actionExecution),
      outputVariables: actionExecution.variables,
    },
  };
}

function inputOf(action: Action, execution: Execution, actionExecution: ActionExecution): object {
  const { roleArn, namespace, configuration, inputs } = action;
  return {
    actionTypeId: typeOf(action),
    configuration,
    resolvedConfiguration: actionExecution.configuration ?? {},
    roleArn,
    ...(namespace !== undefined && { namespace }),
    inputArtifacts: located(inputs, execution),
  };
}

function located(names: readonly string[], { artifacts }: Execution): object[] {
  return names.flatMap((name) => {
    const stored = artifacts[name];
    return stored ? [{ name, s3location: { bucket: stored.bucket, key: stored.key } }] : [];
  });
}

/** The result of an action, in the members that an execution and a state have in common. */
function resultOf({ arn }: Pipeline, { externalId, summary, error }: ActionExecution): object {
  return {
    ...(externalId !== undefined && {
      externalExecutionId: externalId,
      externalExecutionUrl: buildUrl(arn, externalId),
    }),
    ...(summary !== undefined && { externalExecutionSummary: summary }),
    ...(error && { errorDetails: error }),
  };
}

/** The page of a build in the console. */
export function buildUrl(pipelineArn: string, id: string): string {
  const region = pipelineArn.split(':')[3];
  return `https://console.aws.amazon.com/codebuild/home?region=${region}#/builds/${id}/view/new`;
}
