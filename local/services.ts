import { apiGatewayService } from './api-gateway/index.ts';
import type { Cloud, Service } from './cloud.ts';
import { codeBuildService } from './codebuild/index.ts';
import { codePipelineService } from './codepipeline/index.ts';
import { dynamoDbService } from './dynamodb.ts';
import { eventsService } from './events/index.ts';
import { iamService } from './iam.ts';
import { inertService } from './inert.ts';
import { lambdaService } from './lambda/index.ts';
import { logsService } from './logs.ts';
import { pipesService } from './pipes.ts';
import { s3Service } from './s3/index.ts';
import { secretsManagerService } from './secrets-manager.ts';
import { sqsService } from './sqs.ts';
import { ssmService } from './ssm.ts';
import { statesService } from './states/index.ts';
import { stsService } from './sts.ts';

/** Every service of the runtime, in the order in which they take up unfinished work: callees before callers. */
export function servicesOf(cloud: Cloud): Service[] {
  return [
    iamService,
    inertService,
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
    statesService,
    pipesService,
    eventsService,
    apiGatewayService,
  ].map((create) => create(cloud));
}
