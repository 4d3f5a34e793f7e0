import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseRule } from '../../events/rule-file.ts';
import { removeBundles } from '../../infra/bundle.ts';
import { HooklineStack } from '../../infra/hookline-stack.ts';
import { readSettings } from '../../infra/settings.ts';
import { authority, certificateFile } from '../support/certificates/certificates.ts';

// As in docs/ghes.md.
const vpc = {
  id: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0fedcba9876543210'],
};
const rules = [parseRule('{description: all, match: {event: [push]}, pull: {compute: ec2}}', 'all.yaml')];
const ghes = { provider: 'github', url: 'https://ghes.example.com' };

afterAll(() => removeBundles());

function stackOf(context: object): HooklineStack {
  const settings = readSettings(context);
  return new HooklineStack(new App({ autoSynth: false }), 'Hookline', { settings, rules });
}

/** The functions in the VPC, by the names of their folders. */
function functionsIn(template: Template): string[] {
  const functions = template.findResources('AWS::Lambda::Function', {
    Properties: { VpcConfig: { SubnetIds: vpc.privateSubnetIds } },
  });
  return Object.keys(functions).map((id) => /^Functions([a-z]+)Function/.exec(id)?.[1] ?? id);
}

describe('a host that only the VPC reaches', () => {
  let template: Template;
  beforeAll(() => {
    const hosts = { 'ghes.example.com': { ...ghes, vpc: true } };
    template = Template.fromStack(stackOf({ hosts, vpc }));
  });

  it('draws the functions that call the host into the VPC, and no others', () => {
    const [reconcile, ...others] = functionsIn(template).sort();
    expect(reconcile).toMatch(/^Reconcile/);
    expect(others).toEqual(['recordend', 'report']);
  });

  it('shares one security group with the build, which the outputs name', () => {
    const [group = ''] = Object.keys(template.findResources('AWS::EC2::SecurityGroup'));
    const SecurityGroupIds = [{ 'Fn::GetAtt': [group, 'GroupId'] }];
    template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    template.resourcePropertiesCountIs('AWS::Lambda::Function', { VpcConfig: { SecurityGroupIds } }, 3);
    template.resourcePropertiesCountIs('AWS::CodeBuild::Project', { VpcConfig: { SecurityGroupIds } }, 1);
    template.hasOutput('SecurityGroup', { Value: SecurityGroupIds[0] });
  });

  it('makes each such function after the policy by which Lambda makes its interfaces', () => {
    for (const [id, { DependsOn }] of Object.entries(
      template.findResources('AWS::Lambda::Function', { Properties: { VpcConfig: Match.anyValue() } }),
    )) {
      const policy = DependsOn.find((name: string) => /DefaultPolicy/.test(name));
      const { Properties } = template.findResources('AWS::IAM::Policy')[policy] ?? {};
      expect(JSON.stringify(Properties), id).toContain('ec2:CreateNetworkInterface');
    }
  });
});

it('without such a host the build alone is in the VPC', () => {
  const template = Template.fromStack(stackOf({ vpc }));
  expect(functionsIn(template)).toEqual([]);
  template.resourcePropertiesCountIs('AWS::CodeBuild::Project', { VpcConfig: Match.anyValue() }, 1);
});

const joinSchema = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });
/** The text of a join, with its references left out. */
const resolved = (value: unknown): string =>
  joinSchema
    .parse(value)
    ['Fn::Join'][1].filter((part) => typeof part === 'string')
    .join('');

describe('the certificates of a private authority', () => {
  const withCa = (ca: string) => ({ hosts: { 'ghes.example.com': { ...ghes, ca } } });
  const parameter = (stack: HooklineStack) =>
    Object.entries(Template.fromStack(stack).findResources('AWS::SSM::Parameter'));

  it('travel in the parameter of the hosts', () => {
    const [[, { Properties }] = ['', {}]] = parameter(stackOf(withCa(certificateFile('authority'))));
    expect(JSON.parse(resolved(Properties.Value))['ghes.example.com'].ca).toBe(authority);
    expect(Properties).not.toHaveProperty('Tier');
  });

  it('stand in another parameter, of the advanced tier, when there are many', () => {
    const [[id, { Properties }] = ['', {}]] = parameter(stackOf(withCa(authority.repeat(8))));
    const [[small] = ['']] = parameter(stackOf(withCa(authority)));
    expect(Properties.Tier).toBe('Advanced');
    expect(id).not.toBe(small);
  });

  it('are warned of when they have expired', () => {
    const warning = Match.stringLikeRegexp('expired on 2021-01-01.*hosts.ghes.example.com.ca');
    Annotations.fromStack(stackOf(withCa(certificateFile('expired')))).hasWarning('*', warning);
    Annotations.fromStack(stackOf(withCa(authority))).hasNoWarning('*', Match.anyValue());
  });
});

it('a private door answers through its endpoints only, at an address that every DNS knows', () => {
  const vpcEndpointIds = ['vpce-0123456789abcdef0', 'vpce-0fedcba9876543210'];
  const template = Template.fromStack(stackOf({ privateDoor: { vpcEndpointIds } }));
  template.hasResourceProperties('AWS::ApiGateway::RestApi', {
    EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: vpcEndpointIds },
    Policy: {
      Statement: [
        { Effect: 'Allow', Action: 'execute-api:Invoke' },
        { Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': vpcEndpointIds } } },
      ],
    },
  });
  const address = JSON.stringify(template.findOutputs('WebhookUrl'));
  expect(address).toContain('-vpce-0123456789abcdef0.execute-api.');
  expect(address).toContain('/hooks/webhooks/github');
});
