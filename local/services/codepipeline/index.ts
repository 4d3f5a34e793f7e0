import * as z from 'zod';
import { unsupported } from '../../core/aws-error.ts';
import type { Cloud, Service } from '../../core/cloud.ts';
import { shownExecution, shownPipeline } from './answers.ts';
import { Executions } from './executions.ts';
import { idSchema, nameSchema, parseInput } from './input.ts';
import { listActions, listExecutions, listPipelines } from './lists.ts';
import { stateOf } from './pipeline-state.ts';
import { provision } from './provision.ts';
import { liveVersion, storedExecution, storedVersion, type Tables, tablesOf } from './tables.ts';

const pipelineSchema = z.strictObject({ name: nameSchema, version: z.number().int().min(1).optional() });
const stateSchema = z.strictObject({ name: nameSchema });
const executionSchema = z.strictObject({ pipelineName: nameSchema, pipelineExecutionId: idSchema });

/** CodePipeline: the template's pipelines of S3 sources and CodeBuild actions. */
export function codePipelineService(cloud: Cloud): Service {
  const tables = tablesOf(cloud);
  const executions = new Executions(cloud, tables);
  return {
    name: 'codepipeline',
    operations: {
      StartPipelineExecution: async (input, call) => ({
        pipelineExecutionId: await executions.start(input, call),
      }),
      StopPipelineExecution: async (input) => ({ pipelineExecutionId: await executions.stop(input) }),
      RetryStageExecution: () => {
        throw unsupported('the retry of a stage: start the pipeline again');
      },
      GetPipeline: (input) => getPipeline(tables, input),
      GetPipelineState: (input) => stateOf(tables, liveVersion(tables, parseInput(stateSchema, input).name)),
      GetPipelineExecution: (input) => {
        const { pipelineName, pipelineExecutionId } = parseInput(executionSchema, input);
        const execution = storedExecution(tables, pipelineName, pipelineExecutionId);
        const version = storedVersion(tables, pipelineName, execution.version);
        return { pipelineExecution: shownExecution(version, execution) };
      },
      ListPipelines: (input) => listPipelines(tables, input),
      ListPipelineExecutions: (input) => listExecutions(tables, input),
      ListActionExecutions: (input) => listActions(tables, input),
    },
    resources: {
      'AWS::CodePipeline::Pipeline': (resource) => provision(cloud, tables, resource),
      'AWS::CodePipeline::Webhook': ({ logicalId }) => {
        throw unsupported(`the webhook ${logicalId} of a pipeline: start the pipeline instead`);
      },
    },
    start: () => executions.resume(),
    stop: () => executions.close(),
  };
}

function getPipeline(tables: Tables, input: unknown): object {
  const { name, version } = parseInput(pipelineSchema, input);
  const newest = liveVersion(tables, name);
  return shownPipeline(version === undefined ? newest : storedVersion(tables, name, version));
}
