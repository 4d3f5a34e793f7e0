/**
 * The services that AWS documents as principals of a policy; IAM and the services refuse a policy with any other.
 * A name of a service may have a Region in it: `logs.us-east-1.amazonaws.com`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
 */
const NAMES: ReadonlySet<string> = new Set(
  `access-analyzer account acm airflow airflow-env amplify apigateway appconfig appflow application-autoscaling application-insights
  appmesh apprunner appstream appsync athena auditmanager autoscaling backup backup-storage batch bedrock bedrock-agentcore
  billingconsole braket budgets build.apprunner ce chatbot cloud9 cloudformation cloudfront cloudhsm cloudsearch cloudtrail cloudwatch
  codeartifact codebuild codecommit codeconnections codedeploy codeguru-profiler codeguru-reviewer codepipeline codestar
  codestar-connections codestar-notifications cognito-idp cognito-sync config config-conforms connect controltower credentials.iot
  databrew dataexchange datapipeline datasync dax delivery.logs detective devicefarm devops-guru directconnect dlm dms docdb
  docdb-elastic ds dynamodb ec2 ec2fleet ec2scheduled ecr ecs ecs-tasks edgelambda eks eks-fargate eks-fargate-pods eks-nodegroup
  elasticache elasticbeanstalk elasticfilesystem elasticloadbalancing elasticmapreduce elastictranscoder email.cognito-idp
  emr-containers emr-serverless es events evidently export.rds finspace firehose fis fms forecast frauddetector fsx gamelift glue
  grafana greengrass guardduty health healthlake imagebuilder inspector inspector2 iot iotanalytics iotevents iotsitewise ivs kafka
  kafkaconnect kendra kinesis kinesisanalytics kms lakeformation lambda lex lexv2 license-manager lightsail location logdelivery
  logdelivery.elasticloadbalancing logging.s3 logs macie machinelearning managedblockchain mediaconvert mediaconnect medialive
  mediapackage mediastore member.org.stacksets memorydb mgn migrationhub mobilehub monitoring.rds mq neptune network-firewall
  networkmanager nimble notifications observability omics opensearch opensearchservice ops.apigateway opsworks opsworks-cm organizations
  osis outposts personalize pinpoint pipes polly pricing proton qbusiness quicksight ram rds redshift redshift-serverless rekognition
  replication.dynamodb replicator.lambda resiliencehub resource-explorer-2 resource-groups robomaker rolesanywhere route53 route53domains
  route53resolver rum s3 s3-outposts sagemaker scheduler schemas secretsmanager securityhub securitylake serverlessrepo servicecatalog
  servicediscovery ses shield signer simspaceweaver sms sms-voice sns spot spotfleet sqs ssm ssm-incidents ssm-quicksetup sso
  stacksets.cloudformation states storagegateway streams.metrics.cloudwatch sts support swf synthetics tagging tasks.apprunner textract
  timestream transcribe transfer translate trustedadvisor verifiedpermissions vmie vmimport vpc-flow-logs vpc-lattice waf
  waf-regional wafv2 wellarchitected wisdom worklink workmail workspaces workspaces-web xray`.split(/\s+/),
);

const REGION = /\.(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov|-iso[bef]?)?-[a-z]+-\d$/;

/** Whether AWS knows such a service: `lambda.amazonaws.com`. */
export function isServicePrincipal(name: string): boolean {
  const [, service = ''] = /^(.+)\.amazonaws\.com(?:\.cn)?$/.exec(name) ?? [];
  return NAMES.has(service) || NAMES.has(service.replace(REGION, ''));
}
