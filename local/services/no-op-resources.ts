import type { Cloud, Provisioned, Resource, Service } from '../core/cloud.ts';

/**
 * Resources that do something on AWS and nothing here: nobody is alarmed, nothing is mailed, no network is fenced.
 * docs/local.md says so to the reader.
 */
const types = {
  'AWS::CDK::Metadata': '',
  'AWS::CloudWatch::Alarm': 'cloudwatch',
  'AWS::CloudWatch::Dashboard': 'cloudwatch',
  'AWS::Logs::MetricFilter': 'logs',
  'AWS::SNS::Topic': 'sns',
  'AWS::SNS::TopicPolicy': 'sns',
  'AWS::SNS::Subscription': 'sns',
  'AWS::EC2::SecurityGroup': 'ec2',
  'AWS::EC2::SecurityGroupEgress': 'ec2',
  'AWS::KMS::Key': 'kms',
  'AWS::KMS::Alias': 'kms',
} as const;

export function inertService(cloud: Cloud): Service {
  const make = (service: string) => (resource: Resource) => named(cloud, service, resource);
  return {
    name: 'inert',
    operations: {},
    resources: Object.fromEntries(Object.entries(types).map(([type, service]) => [type, make(service)])),
    removals: Object.fromEntries(Object.keys(types).map((type) => [type, () => undefined])),
  };
}

function named(cloud: Cloud, service: string, { type, generatedName }: Resource): Provisioned {
  const arn = `arn:aws:${service}:${cloud.region}:${cloud.account}:${generatedName}`;
  return {
    ref: type === 'AWS::SNS::Topic' ? arn : generatedName,
    attributes: { Arn: arn, GroupId: generatedName },
  };
}
