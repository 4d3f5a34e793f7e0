import { vi } from 'vitest';
import * as z from 'zod';
import type { Resource, Service } from '../../../local/core/cloud.ts';
import { makeResource } from '../../../local/core/gate.ts';
import { codePipelineService } from '../../../local/services/codepipeline/index.ts';
import { type FakeCloud, fakeCloud, fakeService, temporaryFolder } from '../../../local/testing.ts';
import { FakeCodeBuild, FakeS3 } from './codepipeline-fakes.ts';

const startedSchema = z.object({ pipelineExecutionId: z.string() });
const executionSchema = z.looseObject({ pipelineExecution: z.looseObject({ status: z.string() }) });

const actionsSchema = z.looseObject({
  actionExecutionDetails: z.array(
    z.looseObject({
      actionName: z.string(),
      status: z.string(),
      output: z.looseObject({
        executionResult: z.looseObject({ externalExecutionId: z.string().optional() }),
      }),
    }),
  ),
});

/** A CodePipeline whose S3 and CodeBuild are the test's own. */
export class World {
  readonly s3 = new FakeS3();
  readonly codebuild = new FakeCodeBuild();
  readonly folder = temporaryFolder();
  /** the entries of PutEvents, which a test may refuse to take */
  readonly told: unknown[] = [];
  putEvents = (input: unknown): void => void this.told.push(input);
  private running: { cloud: FakeCloud; service: Service } | undefined;

  /** Starts the runtime with these pipelines, or starts it again on what it left. */
  async start(...pipelines: object[]): Promise<void> {
    await this.stop();
    const cloud = fakeCloud(this.folder.path);
    cloud.add(this.s3.service());
    cloud.add(this.codebuild.service());
    cloud.add(fakeService('events', { PutEvents: (input) => this.putEvents(input) }));
    const service = cloud.add(codePipelineService(cloud));
    this.running = { cloud, service };
    for (const properties of pipelines) await this.provision(properties);
    await service.start?.();
  }

  async provision(properties: object, type = 'AWS::CodePipeline::Pipeline') {
    const resource: Resource = {
      stackName: 'Test',
      logicalId: 'Pipeline',
      type,
      properties: { ...properties },
      generatedName: 'Test-Pipeline-1',
    };
    return makeResource(this.now.service, resource);
  }

  /** As the end of the process: when this answers, even before it resolves, nothing goes on. */
  async stop(): Promise<void> {
    await this.running?.service.stop?.();
    await this.running?.cloud.close();
    this.running = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    this.folder.remove();
  }

  request(operation: string, input: object): Promise<unknown> {
    return this.now.cloud.request('codepipeline', operation, input);
  }

  /** @returns the id of an execution of the pipeline `demo` */
  async run(input: object = {}): Promise<string> {
    return startedSchema.parse(await this.request('StartPipelineExecution', { name: 'demo', ...input }))
      .pipelineExecutionId;
  }

  async execution(id: string) {
    const input = { pipelineName: 'demo', pipelineExecutionId: id };
    return executionSchema.parse(await this.request('GetPipelineExecution', input)).pipelineExecution;
  }

  async actions(id: string) {
    const input = { pipelineName: 'demo', filter: { pipelineExecutionId: id } };
    return actionsSchema.parse(await this.request('ListActionExecutions', input)).actionExecutionDetails;
  }

  /** Waits until an action of an execution has this status, and a build knows its id. */
  async acted(id: string, action: string, status: string): Promise<void> {
    await vi.waitFor(async () => {
      const found = (await this.actions(id)).find(({ actionName }) => actionName === action);
      if (found?.status !== status || found.output.executionResult.externalExecutionId === undefined)
        throw new Error(`${action} of ${id} is ${JSON.stringify(found)}, not ${status}`);
    });
  }

  /** Waits until an execution has this status. */
  async reaches(id: string, status: string) {
    return vi.waitFor(async () => {
      const execution = await this.execution(id);
      if (execution.status !== status) throw new Error(`${id} is ${execution.status}, not ${status}`);
      return execution;
    });
  }

  /** Waits until so many builds have been started. @returns the last of them */
  async building(count: number) {
    return vi.waitFor(() => {
      const build = this.codebuild.builds[count - 1];
      if (!build) throw new Error(`${this.codebuild.builds.length} builds have been started, not ${count}`);
      return build;
    });
  }

  get disk(): FakeCloud['disk'] {
    return this.now.cloud.disk;
  }

  get warnings(): readonly string[] {
    return this.now.cloud.warnings;
  }

  private get now() {
    if (!this.running) throw new Error('the test has not started the runtime');
    return this.running;
  }
}

const type = (Category: string, Provider: string) => ({ Category, Owner: 'AWS', Provider, Version: '1' });

export const sourceAction = {
  Name: 'Artifact',
  ActionTypeId: type('Source', 'S3'),
  Configuration: {
    S3Bucket: 'sources',
    S3ObjectKey: 'app.zip',
    PollForSourceChanges: false,
    AllowOverrideForS3ObjectKey: 'true',
  },
  OutputArtifacts: [{ Name: 'Source' }],
  RoleArn: 'arn:aws:iam::000000000000:role/source',
  Namespace: 'Src',
};

export const buildAction = {
  Name: 'Build',
  ActionTypeId: type('Build', 'CodeBuild'),
  Configuration: { ProjectName: 'app' },
  InputArtifacts: [{ Name: 'Source' }],
};

export const actionOfType = (category: string, provider: string) => ({
  ...buildAction,
  Name: `${category}It`,
  ActionTypeId: type(category, provider),
});

/** The properties of the pipeline `demo`, whose stages after the source are these lists of actions. */
export function pipeline(properties: object = {}, ...later: object[][]): object {
  const stages = later.length > 0 ? later : [[buildAction]];
  return {
    Name: 'demo',
    RoleArn: 'arn:aws:iam::000000000000:role/pipeline',
    PipelineType: 'V2',
    ArtifactStore: { Type: 'S3', Location: 'store' },
    Stages: [
      { Name: 'Source', Actions: [sourceAction] },
      ...stages.map((Actions, index) => ({ Name: `Stage${index + 1}`, Actions })),
    ],
    ...properties,
  };
}
