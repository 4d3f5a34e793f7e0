import type { Resource } from '../core/cloud.ts';
import type { DeployedStack } from './deployed-stack.ts';

// The property that is a resource's name in its service, by type; a type that is not here has none, or one that may repeat.
const NAMES: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CodeBuild::Project': 'Name',
  'AWS::CodePipeline::Pipeline': 'Name',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::Archive': 'ArchiveName',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Pipes::Pipe': 'Name',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
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
    const key = keyOf(resource);
    if (key !== undefined) taken.set(key, `${resource.logicalId} of stack ${stackName}`);
  };
  for (const { name, resources } of stacks) for (const made of resources) add(name, made);
  return {
    take: (resource) => {
      const { type, logicalId, stackName } = resource;
      const key = keyOf(resource);
      const other = key === undefined ? undefined : taken.get(key);
      if (other !== undefined)
        throw new Error(
          `${type} ${logicalId} of stack ${stackName} has the name of ${other}, ${nameOf(resource)}: give it another`,
        );
      add(stackName, resource);
    },
  };
}

function nameOf({ type, properties }: Named): string | undefined {
  const property = Object.hasOwn(NAMES, type) ? NAMES[type] : undefined;
  const name = property === undefined ? undefined : properties[property];
  return typeof name === 'string' ? name : undefined;
}

/** The rules of two buses may have one name. */
function keyOf(resource: Named): string | undefined {
  const name = nameOf(resource);
  const bus = resource.type === 'AWS::Events::Rule' ? String(resource.properties.EventBusName ?? '') : '';
  return name === undefined ? undefined : [resource.type, bus, name].join(' ');
}
