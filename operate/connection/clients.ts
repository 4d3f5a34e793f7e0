import { createRequire } from 'node:module';
import type { Access } from './access.ts';

const require = createRequire(import.meta.url);

/** How the client of each service is made: its package is loaded only then, as all of them take most of a second. */
export const makers = {
  sfn: (access: Access) => {
    const { SFNClient }: typeof import('@aws-sdk/client-sfn') = require('@aws-sdk/client-sfn');
    return new SFNClient(access);
  },
  dynamo: (access: Access) => {
    const { DynamoDBClient }: typeof import('@aws-sdk/client-dynamodb') = require('@aws-sdk/client-dynamodb');
    const { DynamoDBDocumentClient }: typeof import('@aws-sdk/lib-dynamodb') =
      require('@aws-sdk/lib-dynamodb');
    return DynamoDBDocumentClient.from(new DynamoDBClient(access));
  },
  events: (access: Access) => {
    const { EventBridgeClient }: typeof import('@aws-sdk/client-eventbridge') =
      require('@aws-sdk/client-eventbridge');
    return new EventBridgeClient(access);
  },
  logs: (access: Access) => {
    const { CloudWatchLogsClient }: typeof import('@aws-sdk/client-cloudwatch-logs') =
      require('@aws-sdk/client-cloudwatch-logs');
    return new CloudWatchLogsClient(access);
  },
  codebuild: (access: Access) => {
    const { CodeBuildClient }: typeof import('@aws-sdk/client-codebuild') =
      require('@aws-sdk/client-codebuild');
    return new CodeBuildClient(access);
  },
  codepipeline: (access: Access) => {
    const { CodePipelineClient }: typeof import('@aws-sdk/client-codepipeline') =
      require('@aws-sdk/client-codepipeline');
    return new CodePipelineClient(access);
  },
  lambda: (access: Access) => {
    const { LambdaClient }: typeof import('@aws-sdk/client-lambda') = require('@aws-sdk/client-lambda');
    return new LambdaClient(access);
  },
  s3: (access: Access) => {
    const { S3Client }: typeof import('@aws-sdk/client-s3') = require('@aws-sdk/client-s3');
    // One port has no room for a bucket in its name.
    return new S3Client({ ...access, forcePathStyle: access.endpoint !== undefined });
  },
  secrets: (access: Access) => {
    const { SecretsManagerClient }: typeof import('@aws-sdk/client-secrets-manager') =
      require('@aws-sdk/client-secrets-manager');
    return new SecretsManagerClient(access);
  },
  ssm: (access: Access) => {
    const { SSMClient }: typeof import('@aws-sdk/client-ssm') = require('@aws-sdk/client-ssm');
    return new SSMClient(access);
  },
  sqs: (access: Access) => {
    const { SQSClient }: typeof import('@aws-sdk/client-sqs') = require('@aws-sdk/client-sqs');
    return new SQSClient(access);
  },
  sns: (access: Access) => {
    const { SNSClient }: typeof import('@aws-sdk/client-sns') = require('@aws-sdk/client-sns');
    return new SNSClient(access);
  },
  quotas: (access: Access) => {
    const { ServiceQuotasClient }: typeof import('@aws-sdk/client-service-quotas') =
      require('@aws-sdk/client-service-quotas');
    return new ServiceQuotasClient(access);
  },
  sts: (access: Access) => {
    const { STSClient }: typeof import('@aws-sdk/client-sts') = require('@aws-sdk/client-sts');
    return new STSClient(access);
  },
  cloudformation: (access: Access) => {
    const { CloudFormationClient }: typeof import('@aws-sdk/client-cloudformation') =
      require('@aws-sdk/client-cloudformation');
    return new CloudFormationClient(access);
  },
};

type Makers = typeof makers;

/** A client for each service that a deployment is operated by. */
export type Clients = { readonly [Name in keyof Makers]: ReturnType<Makers[Name]> };
