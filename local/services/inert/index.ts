import * as z from 'zod';
import type { Cloud, Provisioned, Resource, ResourceType, Service } from '../../core/cloud.ts';
import { resourceType, withoutEffect } from '../../core/gate.ts';
import { dashboardSchema } from './dashboard.ts';
import { domainSchema, mappingSchema } from './domain.ts';
import { securityGroupSchema, securityRuleSchema } from './schemas.ts';

interface NoOp {
  /** in the ARN of such a resource */
  readonly service: string;
  readonly schema: z.ZodType;
}

/** By the names of CloudFormation's reference. */
const noOp = (service: string, properties: string): NoOp => ({
  service,
  schema: z.strictObject(withoutEffect(...properties.split(' '))),
});

/**
 * Resources that do something on AWS and nothing here: nothing is drawn, no network is fenced.
 * docs/local.md says so to the reader.
 */
const types: Readonly<Record<string, NoOp>> = {
  'AWS::ApiGateway::DomainName': { service: 'apigateway', schema: domainSchema },
  'AWS::ApiGateway::BasePathMapping': { service: 'apigateway', schema: mappingSchema },
  'AWS::CDK::Metadata': noOp('cdk', 'Analytics'),
  'AWS::CloudWatch::Dashboard': { service: 'cloudwatch', schema: dashboardSchema },
  'AWS::EC2::SecurityGroup': { service: 'ec2', schema: securityGroupSchema },
  'AWS::EC2::SecurityGroupEgress': { service: 'ec2', schema: securityRuleSchema },
};

/** The resources without an effect, their properties checked. */
export function noOpService(cloud: Cloud): Service {
  const typeOf = ({ service, schema }: NoOp): ResourceType =>
    resourceType(
      schema,
      (_properties, resource) => named(cloud, service, resource),
      () => undefined,
    );
  return {
    name: 'inert',
    operations: {},
    resources: Object.fromEntries(Object.entries(types).map(([type, noOp]) => [type, typeOf(noOp)])),
  };
}

function named(cloud: Cloud, service: string, { generatedName }: Resource): Provisioned {
  const arn = `arn:aws:${service}:${cloud.region}:${cloud.account}:${generatedName}`;
  return {
    ref: generatedName,
    attributes: { Arn: arn, GroupId: generatedName, RegionalDomainName: generatedName },
  };
}
