import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseRule } from '../../events/rule-file.ts';
import { removeBundles } from '../../infra/bundle.ts';
import { HooklineStack } from '../../infra/hookline-stack.ts';
import { readSettings } from '../../infra/settings.ts';
import { policySchema } from '../support/template.ts';

afterAll(() => removeBundles());

const vpc = {
  id: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-west-1a'],
  privateSubnetIds: ['subnet-0123456789abcdef0'],
};
const hosts = {
  'github.com': { provider: 'github', url: 'https://github.com' },
  'ghes.example.com': { provider: 'github', url: 'https://ghes.example.com', vpc: true },
};
const rules = ['lambda', 'ec2'].map((compute) =>
  parseRule(
    `{description: d, match: {host: [github.com], event: [push]}, pull: {compute: ${compute}}}`,
    `${compute}.yaml`,
  ),
);

const templateOf = (given: object): Template => {
  const settings = readSettings({ vpc, hosts: given });
  return Template.fromStack(
    new HooklineStack(new App({ autoSynth: false }), 'Hookline', { settings, rules }),
  );
};

/** The statements of a role that allow an action. */
const statementsOf = (template: Template, role: RegExp, action: string) =>
  Object.values(template.findResources('AWS::IAM::Policy'))
    .map(({ Properties }) => policySchema.parse(Properties))
    .filter(({ Roles }) => Roles.some(({ Ref }) => role.test(Ref)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Action }) => Action.includes(action));

/** The secrets that a role may read. */
function readBy(template: Template, role: RegExp): string[] {
  const one = z.object({ Ref: z.string() });
  return statementsOf(template, role, 'secretsmanager:GetSecretValue')
    .flatMap(({ Resource }) => z.union([one.transform((each) => [each]), z.array(one)]).parse(Resource))
    .map(({ Ref }) => Ref);
}

describe('the credentials of several hosts', () => {
  const template = templateOf(hosts);
  const secretOf = (host: string): string => {
    const Properties = { Description: Match.stringLikeRegexp(`repositories of ${host} `) };
    const [id = ''] = Object.keys(template.findResources('AWS::SecretsManager::Secret', { Properties }));
    return id;
  };
  const [github, ghes] = [secretOf('github.com'), secretOf('ghes.example.com')];

  it('stand in a secret for each, of which that of github.com is the one that there always was', () => {
    expect(github).toMatch(/^SecretsCredentials[0-9A-F]{8}$/);
    expect(ghes).toMatch(/^SecretsCredentialsghesexamplecom[0-9A-F]{8}$/);
  });

  it('are found by the settings of their hosts', () => {
    const [{ Properties } = { Properties: {} }] = Object.values(
      template.findResources('AWS::SSM::Parameter'),
    );
    const text = JSON.stringify(Properties.Value);
    for (const secret of [github, ghes]) expect(text).toContain(`{"Ref":"${secret}"}`);
  });

  it('are read by builds that can reach the host: on EC2 compute all of them, else those outside of the VPC', () => {
    expect(readBy(template, /^PullRolelambda/)).toEqual([github]);
    expect(readBy(template, /^PullRoleec2/)).toEqual([github, ghes]);
  });

  it('are read by no function that checks signatures', () => {
    for (const secret of readBy(template, /^Functions(validate|overflow)/))
      expect([github, ghes]).not.toContain(secret);
  });
});

describe('the Apps of hosts', () => {
  const { 'github.com': github } = hosts;
  const template = templateOf({ ...hosts, 'github.com': { ...github, app: true } });
  const [apps = ''] = Object.keys(
    template.findResources('AWS::SecretsManager::Secret', {
      Properties: { Description: Match.stringLikeRegexp('^The App of each host') },
    }),
  );

  it('are read by what mints tokens, and by no build', () => {
    expect(apps).toMatch(/^SecretsApps/);
    for (const role of [/^PullTokenpulltoken/, /^Functionsreport/, /^Functionsrecordend/, /^Reconcile/])
      expect(readBy(template, role)).toContain(apps);
    for (const role of [/^PullRole/, /^Functions(validate|overflow|claim|publish)/])
      expect(readBy(template, role)).not.toContain(apps);
  });

  it('mint for a build by a function that it may call, which reads nothing else', () => {
    const called = statementsOf(template, /^PullRolelambda/, 'lambda:InvokeFunction');
    expect(JSON.stringify(called)).toMatch(
      /"Resource":\{"Fn::GetAtt":\["PullTokenpulltokenFunction[^"]+","Arn"\]\}/,
    );
    expect(readBy(template, /^PullTokenpulltoken/)).toEqual([apps]);
  });

  it('take nothing where no host may have one', () => {
    const without = templateOf(hosts);
    const ids = Object.keys(without.toJSON().Resources);
    expect(ids.filter((id) => /PullToken|SecretsApps/.test(id))).toEqual([]);
    expect(statementsOf(without, /^PullRole/, 'lambda:InvokeFunction')).toEqual([]);
  });
});
