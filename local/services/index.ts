import type { Cloud, Service } from '../core/cloud.ts';
import { apiGatewayService } from './api-gateway/index.ts';
import { cloudWatchService } from './cloudwatch/index.ts';
import { codeBuildService } from './codebuild/index.ts';
import { codePipelineService } from './codepipeline/index.ts';
import { dynamoDbService } from './dynamodb/index.ts';
import { eventsService } from './events/index.ts';
import { iamService } from './iam/index.ts';
import { noOpService } from './inert/index.ts';
import { lambdaService } from './lambda/index.ts';
import { logsService } from './logs/index.ts';
import { pipesService } from './pipes/index.ts';
import { s3Service } from './s3/index.ts';
import { secretsManagerService } from './secrets-manager/index.ts';
import { snsService } from './sns/index.ts';
import { sqsService } from './sqs/index.ts';
import { ssmService } from './ssm/index.ts';
import { statesService } from './states/index.ts';
import { stsService } from './sts/index.ts';

/** Every service of the runtime, in the order in which they take up unfinished work: callees before callers. */
export function servicesOf(cloud: Cloud): Service[] {
  return [
    iamService,
    noOpService,
    cloudWatchService,
    stsService,
    secretsManagerService,
    ssmService,
    logsService,
    s3Service,
    dynamoDbService,
    lambdaService,
    codeBuildService,
    codePipelineService,
    sqsService,
    snsService,
    statesService,
    pipesService,
    eventsService,
    apiGatewayService,
  ].map((create) => create(cloud));
}
