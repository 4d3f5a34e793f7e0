import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type StackOutputs, stackOutputs } from './outputs.ts';

/** How the AWS SDK gets there: nothing for the caller's own environment, an endpoint for a local runtime. */
export interface Access {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A deployment, on AWS or on this machine, and a client for each service that it is operated by. */
export interface Connection {
  readonly outputs: StackOutputs;
  readonly sfn: SFNClient;
  readonly dynamo: DynamoDBDocumentClient;
  readonly events: EventBridgeClient;
  readonly logs: CloudWatchLogsClient;
  readonly codebuild: CodeBuildClient;
  readonly codepipeline: CodePipelineClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly ssm: SSMClient;
  readonly sqs: SQSClient;
  close(): void;
}

/** Connects to a stack. @throws when there is no such stack */
export async function connect(stackName: string, access: Access = {}): Promise<Connection> {
  const outputs = await stackOutputs(stackName, access);
  const clients = {
    sfn: new SFNClient(access),
    dynamo: DynamoDBDocumentClient.from(new DynamoDBClient(access)),
    events: new EventBridgeClient(access),
    logs: new CloudWatchLogsClient(access),
    codebuild: new CodeBuildClient(access),
    codepipeline: new CodePipelineClient(access),
    lambda: new LambdaClient(access),
    // One port has no room for a bucket in its name.
    s3: new S3Client({ ...access, forcePathStyle: access.endpoint !== undefined }),
    secrets: new SecretsManagerClient(access),
    ssm: new SSMClient(access),
    sqs: new SQSClient(access),
  };
  const close = (): void => {
    for (const client of Object.values(clients)) client.destroy();
  };
  return { outputs, ...clients, close };
}
