import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Synthesized, synthesized } from '../support/infra/synthesized.ts';
import { actionsOf, of, roleSchema } from '../support/template.ts';

const RULE = 'description: one\nmatch: { event: [push] }\n';
const EC2 = `${RULE}pull: { compute: ec2 }\n`;

// As in docs/deploy.md.
const vpc = {
  id: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0fedcba9876543210'],
};

let ec2: Synthesized;
beforeAll(async () => {
  ec2 = await synthesized({ vpc }, { one: EC2 });
});
afterAll(() => rm(dirname(ec2.assembly), { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

const projectNames = (template: Pick<Synthesized, 'of'>) =>
  template.of('AWS::CodeBuild::Project').map(([, { Properties }]) => Properties.Name);

describe('the projects of pulls', () => {
  it('are there for the compute that a rule uses, and no other', () => {
    expect(projectNames(ec2)).toEqual(['hookline-pull-ec2']);
    expect(projectNames({ of })).toEqual(['hookline-pull-lambda', 'hookline-example']);
  });

  it('may do the same on either compute, but for the network of a VPC', () => {
    const [[, onLambda] = ['', undefined]] = of('AWS::CodeBuild::Project');
    const lambda = actionsOf(roleSchema.parse(onLambda?.Properties.ServiceRole)['Fn::GetAtt'][0]);
    const text = JSON.stringify(ec2.of('AWS::IAM::Policy'));
    expect(lambda).not.toHaveLength(0);
    for (const action of lambda) expect(text).toContain(`"${action}"`);
    expect(text).toContain('ec2:CreateNetworkInterface');
  });
});

describe('a host that only the VPC reaches', () => {
  const hosts = {
    'github.com': { provider: 'github', url: 'https://github.com' },
    'ghes.example.com': { provider: 'github', url: 'https://ghes.example.com', vpc: true },
  };
  const making = (match: string) =>
    synthesized({ hosts, vpc }, { two: EC2, three: `description: one\nmatch: ${match}\n` });
  const others = '{ host: [{ anything-but: ghes.example.com }] }';

  it.each([
    '{ event: [push] }',
    '{ host: [github.com, ghes.example.com] }',
    `{ $or: [{ host: [{ suffix: .example.com }], event: [push] }, ${others}] }`,
  ])('is refused beside a rule that takes its deliveries without compute: ec2: %s', async (match) => {
    await expect(making(match)).rejects.toThrow(
      /^the rule three takes deliveries of ghes\.example\.com, which only the VPC reaches, .*write pull: \{ compute: ec2 \}/,
    );
  });

  it.each([others, '{ host: [github.com] }', `{ $or: [{ host: [github.com], event: [push] }, ${others}] }`])(
    'goes beside a rule that leaves its deliveries to others: %s',
    async (match) => {
      const made = await making(match);
      await rm(dirname(made.assembly), { recursive: true, force: true });
      expect(projectNames(made)).toEqual(['hookline-pull-lambda', 'hookline-pull-ec2']);
    },
  );
});

describe('a Region without Lambda compute', () => {
  it('is refused with each rule that needs it, the Regions that have it, and the way', async () => {
    vi.stubEnv('CDK_DEFAULT_REGION', 'eu-north-1');
    const making = synthesized({}, { one: RULE, two: EC2, three: RULE });
    await expect(making).rejects.toThrow(
      /^the rule one pulls on CodeBuild's Lambda compute, which eu-north-1 does not have \(us-east-1, .*, sa-east-1 do\): write pull: \{ compute: ec2 \} in the rule\nthe rule three [^\n]*$/,
    );
  });

  it('is refused with the example pipeline, whose build needs it', async () => {
    vi.stubEnv('CDK_DEFAULT_REGION', 'eu-north-1');
    await expect(synthesized({ examplePipeline: true }, { one: EC2 })).rejects.toThrow(
      /^the example pipeline .* eu-north-1 .*leave "examplePipeline" out/,
    );
  });
});

describe('a rule that asks for check runs', () => {
  const host = (app: boolean) => ({ provider: 'github', url: 'https://git.example.com', app });
  const making = (hosts: object, match = '{ event: [push] }') =>
    synthesized({ hosts }, { one: `description: one\nmatch: ${match}\nstatus: checks\n` });

  it('is refused where none of its hosts may have an App', async () => {
    const words = /^the rule one has status: checks: .* the credential of a may be none: say "app": true/;
    await expect(making({ a: host(false) })).rejects.toThrow(words);
    await expect(making({ a: host(false), b: host(true) }, '{ host: [a] }')).rejects.toThrow(words);
  });

  it('is taken where one of them may', async () => {
    const made = await making({ a: host(false), b: host(true) });
    await rm(dirname(made.assembly), { recursive: true, force: true });
  });
});
