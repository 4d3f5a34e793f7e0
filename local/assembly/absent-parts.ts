import type { MadeResource } from './deployed-stack.ts';

/**
 * The members by which a resource names another one, by type; lists on the way are gone through. AWS refuses some of
 * these when the other is not there. It takes the rest, and loses what is sent there: an event, an alarm, a log line.
 */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::Account': ['CloudWatchRoleArn'],
  'AWS::ApiGateway::BasePathMapping': ['DomainName', 'RestApiId', 'Stage'],
  'AWS::ApiGateway::Method': ['Integration.Credentials', 'ResourceId'],
  'AWS::ApiGateway::Resource': ['ParentId'],
  'AWS::ApiGateway::Stage': ['AccessLogSetting.DestinationArn', 'DeploymentId'],
  'AWS::CloudWatch::Alarm': ['AlarmActions', 'InsufficientDataActions', 'OKActions'],
  'AWS::CodePipeline::Pipeline': [
    'ArtifactStore.Location',
    'Stages.Actions.Configuration.S3Bucket',
    'Stages.Actions.Configuration.ProjectName',
  ],
  'AWS::Events::Rule': ['Targets.Arn', 'Targets.DeadLetterConfig.Arn'],
  'AWS::IAM::ManagedPolicy': ['Roles'],
  'AWS::IAM::Policy': ['Roles'],
  'AWS::IAM::Role': ['AssumeRolePolicyDocument.Statement.Principal.AWS', 'ManagedPolicyArns'],
  'AWS::Lambda::EventInvokeConfig': ['DestinationConfig.OnFailure.Destination'],
  'AWS::Lambda::Permission': ['Principal'],
  'AWS::Logs::MetricFilter': ['LogGroupName'],
  'AWS::Pipes::Pipe': ['Source', 'Enrichment', 'Target'],
  'AWS::S3::Bucket': ['LoggingConfiguration.DestinationBucketName'],
  'AWS::S3::BucketPolicy': ['Bucket', 'PolicyDocument.Statement.Principal.AWS'],
  'AWS::SNS::Subscription': ['TopicArn', 'Endpoint', 'RedrivePolicy.deadLetterTargetArn'],
  'AWS::SNS::TopicPolicy': ['Topics', 'PolicyDocument.Statement.Principal.AWS'],
  'AWS::SQS::QueuePolicy': ['PolicyDocument.Statement.Principal.AWS'],
  'AWS::StepFunctions::StateMachine': [
    'LoggingConfiguration.Destinations.CloudWatchLogsLogGroup.LogGroupArn',
  ],
};

// Members that hold other things too: nobody here has to make a root, an account, a policy of AWS or a mail address.
const ELSEWHERE = /^(?:\*|\d{12}|[\w.-]+\.amazonaws\.com|arn:[\w-]+:iam::\w*:root|arn:[\w-]+:iam::aws:.*)$/;
const OTHER_ENDPOINT = /^(?:https?:\/\/|\+|[^:]+@)/;

/**
 * @param made the resources of a stack
 * @param all those of the account
 * @throws for a part of one that is none of the account's
 */
export function checkParts(
  stackName: string,
  made: readonly MadeResource[],
  all: readonly MadeResource[],
): void {
  const known = new Set(
    all.flatMap(({ ref, attributes = {} }) => [ref, ...Object.values(attributes)]).map(plain),
  );
  for (const { type, logicalId, properties } of made)
    for (const path of PARTS[type] ?? []) {
      const absent = textsAt(properties, path.split('.')).find((name) => !isThere(known, name));
      if (absent !== undefined)
        throw new Error(
          `${type} ${logicalId} of stack ${stackName}: ${path} names ${absent}, which no stack makes: add it to the template, or name another`,
        );
    }
}

const isThere = (known: ReadonlySet<string>, name: string): boolean =>
  ELSEWHERE.test(name) || OTHER_ENDPOINT.test(name) || known.has(plain(name));

/** Without what may follow an ARN: `:*` of a log group, the version or alias of a function, the session of a role. */
function plain(name: string): string {
  return name
    .replace(/^(arn:[\w-]+:logs:.*?:log-group:[^:]+):\*$/, '$1')
    .replace(/^(arn:[\w-]+:lambda:.*?:function:[^:]+):.+$/, '$1')
    .replace(/^arn:([\w-]+):sts::(\d+):assumed-role\/([^/]+)\/.+$/, 'arn:$1:iam::$2:role/$3');
}

function textsAt(value: unknown, [name, ...rest]: readonly string[]): string[] {
  if (Array.isArray(value))
    return value.flatMap((item) => textsAt(item, name === undefined ? [] : [name, ...rest]));
  if (name === undefined) return typeof value === 'string' ? [value] : [];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  return textsAt((value as Record<string, unknown>)[name], rest);
}
