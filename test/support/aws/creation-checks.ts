/** A resource that names another, by the property that names it. */
export type Naming = `${string}.${string} to ${string}`;

type Properties = Readonly<Record<string, unknown>>;

/**
 * Where AWS looks at the policies of what is named while it makes what names it, or uses them at once: says why, or nothing
 * where these properties keep AWS from it.
 */
export const CHECKED_AT_CREATION: Readonly<Record<Naming, (properties: Properties) => string | undefined>> = {
  'AWS::Pipes::Pipe.RoleArn to AWS::IAM::Role': () =>
    'CreatePipe refuses a role that may not read the source',
  'AWS::StepFunctions::StateMachine.RoleArn to AWS::IAM::Role': () =>
    'CreateStateMachine refuses a role that may not deliver the logs, or not keep the rule that tells of a build’s end',
  'AWS::CodePipeline::Pipeline.RoleArn to AWS::IAM::Role': () =>
    'CreatePipeline refuses a role that may not take up those of the actions, and the pipeline runs at once',
  'AWS::CodeBuild::Project.ServiceRole to AWS::IAM::Role': ({ VpcConfig }) =>
    VpcConfig === undefined ? undefined : 'CreateProject refuses a role that may not look at the VPC',
  'AWS::Lambda::Function.Role to AWS::IAM::Role': () =>
    'Lambda refuses a role that may not do what the function’s settings ask for',
  'AWS::Events::Rule.Targets to AWS::IAM::Role': () => 'a rule is in force at once',
  'AWS::Events::Rule.Targets to AWS::SQS::Queue': () =>
    'a rule is in force at once, and loses what its dead-letter queue does not take',
  'AWS::Events::Rule.Targets to AWS::Logs::LogGroup': () =>
    'a rule is in force at once, and loses the lines that its log does not take',
};

const ONLY_NAMED = 'it is only named: nothing is read or written';

/** Where AWS does not, and the deployment is right in any order: says why. */
export const NOT_CHECKED: Readonly<Record<Naming, string>> = {
  'AWS::ApiGateway::Account.CloudWatchRoleArn to AWS::IAM::Role': 'the role has its policy in itself',
  'AWS::ApiGateway::Method.Integration to AWS::IAM::Role': 'used from the first webhook on',
  'AWS::CloudWatch::Alarm.AlarmActions to AWS::SNS::Topic': 'used from the first alarm on',
  'AWS::CloudWatch::Alarm.Dimensions to AWS::SQS::Queue': ONLY_NAMED,
  'AWS::CloudWatch::Alarm.Dimensions to AWS::Lambda::Function': ONLY_NAMED,
  'AWS::CloudWatch::Alarm.Metrics to AWS::Lambda::Function': ONLY_NAMED,
  'AWS::CloudWatch::Alarm.Metrics to AWS::SQS::Queue': ONLY_NAMED,
  'AWS::CloudWatch::Dashboard.DashboardBody to AWS::SQS::Queue': ONLY_NAMED,
  'AWS::CloudWatch::Dashboard.DashboardBody to AWS::Lambda::Function': ONLY_NAMED,
  'AWS::CodeBuild::Project.Environment to AWS::S3::Bucket': ONLY_NAMED,
  'AWS::CodePipeline::Pipeline.ArtifactStore to AWS::S3::Bucket': 'its policy only denies what is not TLS',
  'AWS::CodePipeline::Pipeline.Stages to AWS::S3::Bucket': 'its policy only denies what is not TLS',
  'AWS::CodePipeline::Pipeline.Stages to AWS::IAM::Role':
    'CreatePipeline looks at whom they trust, which the roles have in themselves',
  'AWS::Lambda::EventInvokeConfig.DestinationConfig to AWS::SQS::Queue':
    'the role of the function allows it, and the function is made after the policy of its role',
  'AWS::Lambda::EventInvokeConfig.FunctionName to AWS::Lambda::Function':
    'it asks for no permission of its own',
  'AWS::Events::Rule.Targets to AWS::Lambda::Function': 'the permission names the rule, and is made after it',
  'AWS::IAM::Role.AssumeRolePolicyDocument to AWS::IAM::Role': ONLY_NAMED,
  'AWS::Lambda::Function.Environment to AWS::S3::Bucket': ONLY_NAMED,
  'AWS::Pipes::Pipe.Source to AWS::SQS::Queue':
    'the role of the pipe allows it: of its own the queue only denies',
  'AWS::SNS::Subscription.TopicArn to AWS::SNS::Topic': 'used from the first alarm on',
  'AWS::SQS::Queue.RedrivePolicy to AWS::SQS::Queue': 'a queue hands on to its dead queue without a policy',
};
