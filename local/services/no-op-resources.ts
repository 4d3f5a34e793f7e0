import * as z from 'zod';
import type { Cloud, Provisioned, Resource, ResourceType, Service } from '../core/cloud.ts';
import { resourceType, withoutEffect } from '../core/gate.ts';

interface NoOp {
  /** in the ARN of such a resource */
  readonly service: string;
  /** by the names of CloudFormation's reference */
  readonly properties: readonly string[];
}

const noOp = (service: string, properties: string): NoOp => ({ service, properties: properties.split(' ') });

/**
 * Resources that do something on AWS and nothing here: nobody is alarmed, nothing is mailed, no network is fenced.
 * docs/local.md says so to the reader.
 */
const types: Readonly<Record<string, NoOp>> = {
  'AWS::ApiGateway::DomainName': noOp(
    'apigateway',
    'CertificateArn DomainName EndpointConfiguration RegionalCertificateArn SecurityPolicy Tags',
  ),
  'AWS::ApiGateway::BasePathMapping': noOp('apigateway', 'BasePath DomainName RestApiId Stage'),
  'AWS::CDK::Metadata': noOp('cdk', 'Analytics'),
  'AWS::CloudWatch::Dashboard': noOp('cloudwatch', 'DashboardBody DashboardName Tags'),
  'AWS::Logs::MetricFilter': noOp(
    'logs',
    'ApplyOnTransformedLogs FilterName FilterPattern LogGroupName MetricTransformations',
  ),
  'AWS::SNS::Topic': noOp('sns', 'DisplayName KmsMasterKeyId SignatureVersion Subscription Tags TopicName'),
  'AWS::SNS::Subscription': noOp(
    'sns',
    'DeliveryPolicy Endpoint FilterPolicy FilterPolicyScope Protocol RawMessageDelivery RedrivePolicy Region SubscriptionRoleArn TopicArn',
  ),
  'AWS::EC2::SecurityGroup': noOp(
    'ec2',
    'GroupDescription GroupName SecurityGroupEgress SecurityGroupIngress Tags VpcId',
  ),
  'AWS::EC2::SecurityGroupEgress': noOp(
    'ec2',
    'CidrIp CidrIpv6 Description DestinationPrefixListId DestinationSecurityGroupId FromPort GroupId IpProtocol ToPort',
  ),
};

/** The resources without an effect, their properties checked by name. */
export function noOpService(cloud: Cloud): Service {
  const typeOf = ({ service, properties }: NoOp): ResourceType =>
    resourceType(
      z.strictObject(withoutEffect(...properties)),
      (_properties, resource) => named(cloud, service, resource),
      () => undefined,
    );
  return {
    name: 'inert',
    operations: {},
    resources: Object.fromEntries(Object.entries(types).map(([type, noOp]) => [type, typeOf(noOp)])),
  };
}

function named(cloud: Cloud, service: string, { type, generatedName }: Resource): Provisioned {
  const arn = `arn:aws:${service}:${cloud.region}:${cloud.account}:${generatedName}`;
  return {
    ref: type === 'AWS::SNS::Topic' ? arn : generatedName,
    attributes: { Arn: arn, GroupId: generatedName, RegionalDomainName: generatedName },
  };
}
