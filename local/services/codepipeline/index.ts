import type { Cloud, Service } from '../../core/cloud.ts';
import { operation, resourceType } from '../../core/gate.ts';
import { Executions, stopSchema } from './executions.ts';
import {
  executionSchema,
  getPipeline,
  getPipelineExecution,
  getPipelineState,
  pipelineSchema,
  stateSchema,
} from './get.ts';
import {
  actionsSchema,
  executionsSchema,
  listActions,
  listExecutions,
  listPipelines,
  pipelinesSchema,
} from './lists.ts';
import { makePipeline, propertiesSchema } from './provision.ts';
import { startSchema } from './start-input.ts';
import { tablesOf } from './tables.ts';

/** CodePipeline: the template's pipelines of S3 sources and CodeBuild actions. */
export function codePipelineService(cloud: Cloud): Service {
  const tables = tablesOf(cloud);
  const executions = new Executions(cloud, tables);
  return {
    name: 'codepipeline',
    operations: {
      StartPipelineExecution: operation(startSchema, async (input, call) => ({
        pipelineExecutionId: await executions.start(input, call),
      })),
      StopPipelineExecution: operation(stopSchema, async (input) => ({
        pipelineExecutionId: await executions.stop(input),
      })),
      GetPipeline: operation(pipelineSchema, (input) => getPipeline(tables, input)),
      GetPipelineState: operation(stateSchema, (input) => getPipelineState(tables, input)),
      GetPipelineExecution: operation(executionSchema, (input) => getPipelineExecution(tables, input)),
      ListPipelines: operation(pipelinesSchema, (input) => listPipelines(tables, input)),
      ListPipelineExecutions: operation(executionsSchema, (input) => listExecutions(tables, input)),
      ListActionExecutions: operation(actionsSchema, (input) => listActions(tables, input)),
    },
    resources: {
      'AWS::CodePipeline::Pipeline': resourceType(propertiesSchema, (properties, resource) =>
        makePipeline(cloud, tables, properties, resource),
      ),
    },
    start: () => executions.resume(),
    stop: () => executions.close(),
  };
}
