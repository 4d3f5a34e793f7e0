import { MAX_TEMPLATE_LENGTH } from '../../../events/branch-pipeline-name.ts';
import { MAX_PIPELINE_ARNS, MAX_RULES } from '../../../events/deployment-limits.ts';
import { certificateFile } from '../certificates/certificates.ts';

/** One way of deploying Hookline, as somebody would write it down. */
export interface Variant {
  /** over the settings of cdk.json */
  readonly settings?: object;
  /** a folder of the project, or the rules by their names */
  readonly rules?: string | Readonly<Record<string, object>>;
  /** whether cdk-nag looks at it too, which takes as long as three others */
  readonly nag?: boolean;
}

const EVERYTHING = { match: { event: ['push'] } };

// As in docs/ghes.md.
const vpc = {
  id: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0fedcba9876543210'],
};
// As in docs/deploy.md, the addresses being GitHub's.
export const GITHUB = ['192.30.252.0/22', '2a0a:a440::/29'];
const overSsh = {
  'ghes.example.com': {
    provider: 'github',
    url: 'https://ghes.example.com',
    clone: 'ssh',
    ssh: 'ssh://git@ghes.example.com:2222',
    ca: certificateFile('authority'),
    vpc: true,
    app: true,
  },
};

// As docs/rules.md says, each with what takes the most room: a pipeline of its own with the longest name, and its name too.
const asManyRules = Object.fromEntries(
  Array.from({ length: MAX_RULES }, (_, number) => [
    `rule-${number}-`.padEnd(40, 'r'),
    {
      description: 'one',
      ...EVERYTHING,
      pipeline: `pipeline-${number}-`.padEnd(100, 'p'),
      pull: { compute: number % 2 === 0 ? 'lambda' : 'ec2' },
      status: true,
    },
  ]),
);

// Four lists of copies and one of roles, in the policies of the role that makes them.
const asManyTemplates = Object.fromEntries(
  Array.from({ length: MAX_PIPELINE_ARNS / 5 }, (_, number) => [
    `rule-${number}`,
    {
      description: 'one',
      match: { event: ['push', 'delete'] },
      pipeline: {
        template: `template-${number}-`.padEnd(MAX_TEMPLATE_LENGTH, 't'),
        each: 'branch',
        role: `role-${number}-`.padEnd(64, 'r'),
        teardown: `end-${number}-`.padEnd(100, 'e'),
      },
    },
  ]),
);

const everySetting = {
  hosts: { 'github.com': { provider: 'github', url: 'https://github.com', app: true } },
  examplePipeline: true,
  vpc,
  allowFrom: GITHUB,
  domain: {
    name: 'hooks.example.com',
    certificate: 'arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef',
  },
  doorKey: '0123456789abcdef0123456789abcdef01234567',
  validateConcurrency: 50,
  alarmEmail: 'ops@example.com',
  oldVersionDays: 30,
  artifactDays: 30,
  permissionsBoundary: 'arn:aws:iam::123456789012:policy/boundary',
  rolePath: '/teams/delivery/',
  kmsKey: 'arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef',
  tags: { team: 'delivery' },
};

/** What docs/deploy.md and docs/rules.md tell of, each synthesized once and held against AWS's rules. */
export const VARIANTS: Readonly<Record<string, Variant>> = {
  default: {},
  'every rule on EC2 compute': {
    rules: { all: { description: 'all', ...EVERYTHING, pull: { compute: 'ec2' } } },
  },
  'a GitHub Enterprise Server in a VPC, over SSH, with a private authority and a private door': {
    settings: {
      hosts: overSsh,
      vpc,
      privateDoor: { vpcEndpointIds: ['vpce-0123456789abcdef0'] },
      apiGatewayLogRole: false,
    },
    rules: { all: { description: 'all', ...EVERYTHING, pull: { compute: 'ec2' }, status: true } },
    nag: true,
  },
  'every setting': {
    settings: everySetting,
    rules: {
      'on-lambda': { description: 'one', ...EVERYTHING, pipeline: 'hookline-example' },
      'on-ec2': {
        description: 'one',
        match: { event: ['push'], payload: { base_ref: [null] } },
        pull: { compute: 'ec2' },
      },
    },
    nag: true,
  },
  'a second Hookline in the account': {
    settings: { name: 'staging', examplePipeline: true, apiGatewayLogRole: false },
    rules: { all: { description: 'all', ...EVERYTHING, pipeline: 'staging-example' } },
  },
  'the example rules': { settings: { examplePipeline: true }, rules: 'events/examples' },
  'as many rules as fit, each with a pipeline': { settings: everySetting, rules: asManyRules },
  'as many templates of pipelines as fit': { settings: everySetting, rules: asManyTemplates },
};
