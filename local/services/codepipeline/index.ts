import type * as z from 'zod';
import type { Call, Cloud, Operation, Service } from '../../core/cloud.ts';
import { operation, resourceType } from '../../core/gate.ts';
import { onDeclaration, onPipeline } from './access.ts';
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
import {
  createPipeline,
  createSchema,
  deletePipeline,
  deleteSchema,
  updatePipeline,
  updateSchema,
} from './made-pipelines.ts';
import { makePipeline, propertiesSchema } from './provision.ts';
import { startSchema } from './start-input.ts';
import { type Tables, tablesOf } from './tables.ts';
import { listTags, listTagsSchema, tagPipeline, tagSchema, untagPipeline, untagSchema } from './tags.ts';

/** CodePipeline: pipelines of S3 sources and CodeBuild actions, of the template and those that calls make. */
export function codePipelineService(cloud: Cloud): Service {
  const tables = tablesOf(cloud);
  const executions = new Executions(cloud, tables);
  return {
    name: 'codepipeline',
    operations: { ...ofOnePipeline(cloud, tables, executions), ...ofDeclarations(cloud, tables, executions) },
    resources: {
      'AWS::CodePipeline::Pipeline': resourceType(propertiesSchema, (properties, resource) =>
        makePipeline(cloud, tables, properties, resource),
      ),
    },
    start: () => executions.resume(),
    stop: () => executions.close(),
  };
}

const arnIn = ({ region, account }: Cloud) => {
  return (name: string): string => `arn:aws:codepipeline:${region}:${account}:${name}`;
};

function ofOnePipeline(cloud: Cloud, tables: Tables, executions: Executions): Record<string, Operation> {
  const on = <S extends z.ZodType>(
    action: string,
    schema: S,
    run: (input: z.output<S>, call: Call) => unknown,
  ): Record<string, Operation> => ({
    [action]: operation(schema, run, onPipeline(tables, arnIn(cloud), action)),
  });
  return {
    ...on('StartPipelineExecution', startSchema, async (input, call) => ({
      pipelineExecutionId: await executions.start(input, call),
    })),
    ...on('StopPipelineExecution', stopSchema, async (input) => ({
      pipelineExecutionId: await executions.stop(input),
    })),
    ...on('GetPipeline', pipelineSchema, (input) => getPipeline(tables, input)),
    ...on('GetPipelineState', stateSchema, (input) => getPipelineState(tables, input)),
    ...on('GetPipelineExecution', executionSchema, (input) => getPipelineExecution(tables, input)),
    ...on('ListPipelineExecutions', executionsSchema, (input) => listExecutions(tables, input)),
    ...on('ListActionExecutions', actionsSchema, (input) => listActions(tables, input)),
    ...on('DeletePipeline', deleteSchema, (input) => deletePipeline(tables, executions, input)),
    ...on('ListTagsForResource', listTagsSchema, (input) => listTags(tables, input)),
    ...on('TagResource', tagSchema, (input) => tagPipeline(tables, input)),
    ...on('UntagResource', untagSchema, (input) => untagPipeline(tables, input)),
  };
}

function ofDeclarations(cloud: Cloud, tables: Tables, executions: Executions): Record<string, Operation> {
  const access = (action: string) => onDeclaration(tables, arnIn(cloud), action);
  return {
    ListPipelines: operation(pipelinesSchema, (input) => listPipelines(tables, input)),
    CreatePipeline: operation(
      createSchema,
      (input, call) => createPipeline(cloud, tables, executions, input, call),
      access('CreatePipeline'),
    ),
    UpdatePipeline: operation(
      updateSchema,
      (input) => updatePipeline(cloud, tables, input),
      access('UpdatePipeline'),
    ),
  };
}
