import { deployStack } from '../../../local/assembly/deploy.ts';
import { ACCOUNT, REGION } from '../../../local/core/account-and-region.ts';
import { servicesOf } from '../../../local/services/index.ts';
import { fakeCloud, temporaryFolder } from '../../../local/testing.ts';

export type Properties = Readonly<Record<string, unknown>>;
export type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties: Properties }>>;

/** All services of the local runtime over a folder of their own. */
export function services() {
  const folder = temporaryFolder();
  const cloud = fakeCloud(folder.path);
  const all = servicesOf(cloud);
  for (const service of all) cloud.add(service);
  let stacks = 0;
  return {
    all,
    /** Makes a stack of these resources. */
    deploy: (Resources: Resources) => {
      const template = { Parameters: {}, Conditions: {}, Mappings: {}, Outputs: {}, Resources };
      stacks += 1;
      const stack = { name: `S${stacks}`, template, source: JSON.stringify(template) };
      return deployStack({ stack, services: all, account: ACCOUNT, region: REGION, parameters: {} });
    },
    close: async () => {
      await cloud.close();
      folder.remove();
    },
  };
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
