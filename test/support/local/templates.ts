import { deployStack, updateStack } from '../../../local/assembly/deploy.ts';
import { ACCOUNT, REGION } from '../../../local/core/account-and-region.ts';
import { servicesOf } from '../../../local/services/index.ts';
import { fakeCloud, temporaryFolder } from '../../../local/testing.ts';

export type Properties = Readonly<Record<string, unknown>>;
export type Resources = Readonly<
  Record<
    string,
    {
      readonly Type: string;
      readonly Properties: Properties;
      readonly DeletionPolicy?: 'Delete' | 'Retain';
      readonly DependsOn?: string;
    }
  >
>;

/** All services of the local runtime over a folder of their own. */
export function services() {
  const folder = temporaryFolder();
  const cloud = fakeCloud(folder.path, {}, undefined, true);
  const all = servicesOf(cloud);
  for (const service of all) cloud.add(service);
  const around = { services: all, account: ACCOUNT, region: REGION, parameters: {} };
  let stacks = 0;
  const nextName = (): string => {
    stacks += 1;
    return `S${stacks}`;
  };
  return {
    all,
    cloud,
    /** Makes a stack of these resources. */
    deploy: (resources: Resources) => deployStack({ stack: stackOf(nextName(), resources), ...around }),
    /** Makes a stack of the first resources, and updates it to the second ones. */
    update: async (before: Resources, after: Resources, meanwhile?: () => Promise<unknown>) => {
      const name = nextName();
      const stack = stackOf(name, before);
      const deployed = await deployStack({ stack, ...around });
      await meanwhile?.();
      return updateStack({ stack: stackOf(name, after), ...around }, { deployed, stack });
    },
    close: async () => {
      await cloud.close();
      folder.remove();
    },
  };
}

function stackOf(name: string, Resources: Resources) {
  const template = { Parameters: {}, Conditions: {}, Mappings: {}, Outputs: {}, Resources };
  return { name, template, source: JSON.stringify(template) };
}

/** A template of one resource, and what it needs. */
export const one = (Type: string, Properties: Properties, more: Resources = {}): Resources => ({
  ...more,
  It: { Type, Properties },
});
export const arnOf = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
export const policy = (...Statement: Properties[]) => ({ Version: '2012-10-17', Statement });
export const trust = (Service: string, more: Properties = {}) =>
  policy({ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole', ...more });
export const role = (service: string, more: Properties = {}): Resources => ({
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: trust(service), ...more },
  },
});

export const of = (Type: string, Properties: Properties = {}) => ({ Type, Properties });
export const ANYBODY = { Effect: 'Allow', Principal: '*' };
export const TOPIC: Resources = { Topic: of('AWS::SNS::Topic') };
export const topicPolicy = (Action: string) =>
  one(
    'AWS::SNS::TopicPolicy',
    { Topics: [{ Ref: 'Topic' }], PolicyDocument: policy({ ...ANYBODY, Action, Resource: '*' }) },
    TOPIC,
  );
