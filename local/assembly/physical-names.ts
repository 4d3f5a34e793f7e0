import type { Resource } from '../core/cloud.ts';
import type { DeployedStack } from './deployed-stack.ts';

// The property that is a resource's name in its service, by type, after those that say within what; a type that is not here
// has none, or one that may repeat. A queue and a topic have one policy: SQS and SNS would keep the later of two.
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::BasePathMapping': ['DomainName', 'BasePath'],
  'AWS::ApiGateway::DomainName': ['DomainName'],
  'AWS::ApiGateway::Method': ['RestApiId', 'ResourceId', 'HttpMethod'],
  'AWS::ApiGateway::Model': ['RestApiId', 'Name'],
  'AWS::ApiGateway::Stage': ['RestApiId', 'StageName'],
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::CodeBuild::Project': ['Name'],
  'AWS::CodePipeline::Pipeline': ['Name'],
  'AWS::DynamoDB::Table': ['TableName'],
  'AWS::EC2::SecurityGroup': ['VpcId', 'GroupName'],
  'AWS::Events::Archive': ['ArchiveName'],
  'AWS::Events::EventBus': ['Name'],
  // The rules of two buses may have one name.
  'AWS::Events::Rule': ['EventBusName', 'Name'],
  'AWS::IAM::ManagedPolicy': ['ManagedPolicyName'],
  'AWS::IAM::Role': ['RoleName'],
  'AWS::Lambda::EventInvokeConfig': ['FunctionName', 'Qualifier'],
  'AWS::Lambda::Function': ['FunctionName'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::Logs::LogStream': ['LogGroupName', 'LogStreamName'],
  'AWS::Logs::MetricFilter': ['LogGroupName', 'FilterName'],
  'AWS::Logs::ResourcePolicy': ['PolicyName'],
  'AWS::Pipes::Pipe': ['Name'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::S3::BucketPolicy': ['Bucket'],
  'AWS::SNS::Topic': ['TopicName'],
  'AWS::SNS::TopicPolicy': ['Topics'],
  'AWS::SQS::Queue': ['QueueName'],
  'AWS::SQS::QueuePolicy': ['Queues'],
  'AWS::SSM::Parameter': ['Name'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::StepFunctions::StateMachine': ['StateMachineName'],
};

type Named = Pick<Resource, 'type' | 'properties' | 'logicalId'>;

/** The names that templates give their resources. */
export interface PhysicalNames {
  /** @throws when another resource of the account has the name, as CloudFormation does */
  take(resource: Resource): void;
}

/** The names that these stacks have taken. */
export function physicalNames(stacks: readonly DeployedStack[]): PhysicalNames {
  const taken = new Map<string, string>();
  const add = (stackName: string, resource: Named): void => {
    for (const key of keysOf(resource)) taken.set(key, `${resource.logicalId} of stack ${stackName}`);
  };
  for (const { name, resources } of stacks) for (const made of resources) add(name, made);
  return {
    take: (resource) => {
      const { type, logicalId, stackName } = resource;
      const key = keysOf(resource).find((each) => taken.has(each));
      if (key !== undefined)
        throw new Error(
          `${type} ${logicalId} of stack ${stackName} has the name of ${taken.get(key)}, ${key.split(' ').at(-1)}: give it another`,
        );
      add(stackName, resource);
    },
  };
}

const propertiesOf = ({ type }: Named): readonly string[] =>
  (Object.hasOwn(NAMES, type) ? NAMES[type] : undefined) ?? [];

/** The names that a resource takes: of a policy, one for each queue or topic. */
function keysOf(resource: Named): string[] {
  const { type, properties } = resource;
  const [name = '', ...within] = propertiesOf(resource).toReversed();
  const around = within.toReversed().map((each) => String(properties[each] ?? ''));
  return [properties[name] ?? []]
    .flat()
    .flatMap((each) => (typeof each === 'string' ? [[type, ...around, each].join(' ')] : []));
}
