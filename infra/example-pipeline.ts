import { RemovalPolicy } from 'aws-cdk-lib';
import { BuildSpec, ComputeType, LinuxLambdaBuildImage, PipelineProject } from 'aws-cdk-lib/aws-codebuild';
import { Artifact, type CfnPipeline, Pipeline, PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import { CodeBuildAction, S3SourceAction, S3Trigger } from 'aws-cdk-lib/aws-codepipeline-actions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Settings } from './settings.ts';
import type { Storage } from './storage.ts';

/** A pipeline to copy from: it takes the artifact that a delivery names, and builds it by its own buildspec. */
export class ExamplePipeline extends Construct {
  constructor(scope: Construct, id: string, { bucket }: Storage, settings: Settings) {
    super(scope, id);
    const source = new Artifact('Source');
    const pipeline = new Pipeline(this, 'Pipeline', {
      pipelineName: 'hookline-example',
      pipelineType: PipelineType.V2,
      artifactBucket: bucket,
      stages: [
        {
          stageName: 'Source',
          actions: [
            new S3SourceAction({
              actionName: 'Artifact',
              bucket,
              // Each start names the object; this one stands for none and need not exist.
              bucketKey: 'hookline-example/none.zip',
              output: source,
              trigger: S3Trigger.NONE,
            }),
          ],
        },
        {
          stageName: 'Build',
          actions: [
            new CodeBuildAction({ actionName: 'Build', project: this.project(settings), input: source }),
          ],
        },
      ],
    });
    const resource = pipeline.node.defaultChild as CfnPipeline;
    resource.addPropertyOverride('Stages.0.Actions.0.Configuration.AllowOverrideForS3ObjectKey', 'true');
    acknowledge(pipeline, 'AwsSolutions-IAM5', 'CodePipeline’s own grants on the one artifact bucket');
  }

  private project(settings: Settings): PipelineProject {
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: '/aws/codebuild/hookline-example',
      retention: settings.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const project = new PipelineProject(this, 'Project', {
      projectName: 'hookline-example',
      buildSpec: BuildSpec.fromSourceFilename('buildspec.yml'),
      environment: {
        buildImage: LinuxLambdaBuildImage.AMAZON_LINUX_2023_NODE_22,
        computeType: ComputeType.LAMBDA_2GB,
      },
      logging: { cloudWatch: { logGroup } },
    });
    acknowledge(
      project,
      'AwsSolutions-CB4',
      'the build’s input and output are in the artifact bucket, which encrypts them',
    );
    acknowledge(
      project,
      'AwsSolutions-IAM5',
      'CodePipeline’s own grants on the one artifact bucket, and the build’s report groups',
    );
    return project;
  }
}
