import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import type { Cloud, Service } from '../cloud.ts';
import { type Pipeline, pipelineOf, shown } from './definition.ts';
import { Executions } from './executions.ts';
import { shownAction, shownExecution, stateOf, summaryOf } from './show.ts';

const nameSchema = z.looseObject({ name: z.string() });
const ofSchema = z.looseObject({ pipelineName: z.string() });
const executionSchema = ofSchema.extend({ pipelineExecutionId: z.string() });
const actionsSchema = ofSchema.extend({
  filter: z.strictObject({ pipelineExecutionId: z.string().optional() }).default({}),
});
const executionsSchema = ofSchema.extend({
  filter: z.undefined({ error: 'a filter is not supported' }).optional(),
});

/** CodePipeline: the template's pipelines of S3 sources and CodeBuild actions. */
export function codePipelineService(cloud: Cloud): Service {
  const pipelines = new Map<string, Pipeline>();
  const executions = new Executions(cloud, pipelines);
  return {
    name: 'codepipeline',
    operations: {
      StartPipelineExecution: async (input, call) => ({
        pipelineExecutionId: await executions.start(input, call),
      }),
      StopPipelineExecution: async (input) => ({ pipelineExecutionId: await executions.stop(input) }),
      GetPipeline: (input) => {
        const pipeline = executions.pipeline(nameSchema.parse(input).name);
        return { pipeline: shown(pipeline), metadata: { pipelineArn: pipeline.arn } };
      },
      ListPipelines: (input) =>
        paged(
          [...pipelines.values()].map(({ name, type, mode }) => ({
            name,
            version: 1,
            pipelineType: type,
            executionMode: mode,
          })),
          input,
          'pipelines',
        ),
      GetPipelineState: (input) => {
        const pipeline = executions.pipeline(nameSchema.parse(input).name);
        return stateOf(pipeline, executions.list(pipeline.name));
      },
      ...readers(executions),
    },
    resources: {
      'AWS::CodePipeline::Pipeline': (resource) => {
        const pipeline = pipelineOf(cloud, resource);
        pipelines.set(pipeline.name, pipeline);
        return { ref: pipeline.name, attributes: { Version: '1' } };
      },
    },
    start: async () => executions.resume(),
    stop: () => executions.close(),
  };
}

/** What has run, and what each action of it came to. */
function readers(executions: Executions): Service['operations'] {
  return {
    GetPipelineExecution: (input) => {
      const { pipelineName, pipelineExecutionId } = executionSchema.parse(input);
      const pipeline = executions.pipeline(pipelineName);
      return {
        pipelineExecution: shownExecution(pipeline, executions.get(pipelineName, pipelineExecutionId)),
      };
    },
    ListPipelineExecutions: (input) => {
      const { pipelineName } = executionsSchema.parse(input);
      const pipeline = executions.pipeline(pipelineName);
      const summaries = executions.list(pipelineName).map((each) => summaryOf(pipeline, each));
      return paged(summaries, input, 'pipelineExecutionSummaries');
    },
    ListActionExecutions: (input) => {
      const { pipelineName, filter } = actionsSchema.parse(input);
      const pipeline = executions.pipeline(pipelineName);
      const found = executions
        .list(pipelineName)
        .filter(({ id }) => filter.pipelineExecutionId === undefined || id === filter.pipelineExecutionId);
      const details = found.flatMap((each) =>
        each.actions.toReversed().map((action) => shownAction(pipeline, each, action)),
      );
      return paged(details, input, 'actionExecutionDetails');
    },
  };
}

const pageSchema = z.looseObject({
  maxResults: z.number().int().min(1).max(1000).default(100),
  nextToken: z.string().regex(/^\d+$/).optional(),
});

function paged(items: readonly object[], input: unknown, member: string): object {
  const parsed = pageSchema.safeParse(input);
  if (!parsed.success) throw new AwsError('InvalidNextTokenException', z.prettifyError(parsed.error));
  const from = Number(parsed.data.nextToken ?? 0);
  const to = from + parsed.data.maxResults;
  return { [member]: items.slice(from, to), ...(to < items.length ? { nextToken: String(to) } : {}) };
}
