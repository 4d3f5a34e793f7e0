import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../infra/settings.ts';
import { authority, certificateFile, host as signed } from '../support/certificates/certificates.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const host = { provider: 'github', url: 'https://github.com' };
const vpc = { id: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-1'] };
const many = Object.fromEntries(
  Array.from({ length: 120 }, (_, number) => [`git-${number}.example.com`, host]),
);

const withCa = (ca: string) => ({ hosts: { g: { ...host, ca } } });

// Each wrong setting with all that its error must hold: where it stands, what was read, what is allowed.
const wrong: readonly [string, unknown, ...string[]][] = [
  ['no settings but text', 'text', 'hookline is "text"', 'expected object'],
  ['an unknown setting', { archivDays: 3 }, 'hookline has no setting archivDays', 'archiveDays'],
  [
    'a key of the door that is soon guessed',
    { doorKey: 'hidden' },
    'hookline.doorKey is a text of 6 char',
    '20 to 100',
  ],
  [
    'a key that is no part of a path',
    { doorKey: `${'k'.repeat(20)}/` },
    'doorKey is a text of 21',
    'letters',
  ],
  [
    'an alias of a key',
    { kmsKey: 'arn:aws:kms:us-east-1:123456789012:alias/k' },
    'kmsKey is',
    'not of an alias',
  ],
  ['no host', { hosts: {} }, 'hookline.hosts is {}', 'one host or more'],
  ['more hosts than a parameter holds', { hosts: many }, 'hookline.hosts is', '8192 bytes'],
  [
    'another provider',
    { hosts: { g: { ...host, provider: 'svn' } } },
    'hosts.g.provider is "svn"',
    '"github"',
  ],
  [
    'a host without an address',
    { hosts: { g: { provider: 'github' } } },
    'hosts.g.url is missing',
    'https://',
  ],
  ['plain HTTP', { hosts: { g: { ...host, url: 'http://g' } } }, 'hosts.g.url is "http://g"', 'https://'],
  [
    'a password in an address',
    { hosts: { g: { ...host, url: 'https://u:p@g' } } },
    'hosts.g.url',
    'the secret',
  ],
  ['a query in an address', { hosts: { g: { ...host, api: 'https://g/?a' } } }, 'hosts.g.api', 'without'],
  ['another way to clone', { hosts: { g: { ...host, clone: 'git' } } }, 'clone is "git"', '"https"|"ssh"'],
  ['an SSH address of scp', { hosts: { g: { ...host, ssh: 'git@g:a' } } }, 'ssh is "git@g:a"', 'ssh://git@'],
  [
    'a password for SSH',
    { hosts: { g: { ...host, ssh: 'ssh://u:p@g' } } },
    'hosts.g.ssh',
    'without password',
  ],
  [
    'an unknown member of a host',
    { hosts: { g: { ...host, token: 1 } } },
    'hosts.g has no setting token',
    'url',
  ],
  [
    'no file of certificates',
    withCa('certs/none.pem'),
    'hosts.g.ca is "certs/none.pem"',
    'ENOENT',
    'cdk.json',
  ],
  ['a file of something else', withCa('package.json'), 'ca is "package.json"', 'no certificate in PEM form'],
  ['a private key', withCa(signed.key), `hosts.g.ca is a text of ${signed.key.length} char`, 'private key'],
  [
    'half a certificate',
    withCa(authority.replace(/^M/m, 'N')),
    'hosts.g.ca',
    'certificate 1',
    'cannot be read',
  ],
  [
    'a certificate without its authority',
    withCa(certificateFile('host')),
    'hosts.g.ca',
    '"CN=localhost" is signed by "CN=Hookline test authority: authority"',
  ],
  [
    'more certificates than fit',
    withCa(authority.repeat(14)),
    'hookline.hosts is',
    '8192 bytes',
    'those of the authority',
  ],
  [
    'a host in no VPC',
    { hosts: { g: { ...host, vpc: true } } },
    'hookline.hosts.g.vpc is true',
    'the setting vpc',
  ],
  [
    'a private door without an endpoint',
    { privateDoor: { vpcEndpointIds: ['vpc-1'] } },
    'privateDoor.vpcEndpointIds.0 is "vpc-1"',
    'vpce-',
  ],
  [
    'addresses of a private door',
    { privateDoor: { vpcEndpointIds: ['vpce-1'] }, allowFrom: ['10.0.0.0/8'] },
    'allowFrom is ["10.0.0.0/8"]',
    'security group of the endpoint',
  ],
  ['no days of the archive', { archiveDays: 0 }, 'archiveDays is 0', '>=1'],
  ['days as text', { archiveDays: '90' }, 'archiveDays is "90"', 'number'],
  ['a retention that CloudWatch has not', { logDays: 91 }, 'logDays is 91', '60|90|120'],
  ['a host where commits are', { hosts: { commits: host } }, 'hookline.hosts is', 'called commits'],
  ['a host where pulls keep what expires', { hosts: { kept: host } }, 'hookline.hosts is', 'commits or kept'],
  ['artifacts of no day', { artifactDays: 0 }, 'artifactDays is 0', '>=1'],
  ['half a day', { oldVersionDays: 1.5 }, 'oldVersionDays is 1.5', 'int'],
  ['no range of addresses', { allowFrom: ['192.30.252.0'] }, 'allowFrom.0 is "192.30.252.0"'],
  ['a door for nobody', { allowFrom: [] }, 'allowFrom is []'],
  [
    'more addresses than a policy holds',
    { allowFrom: Array.from({ length: 512 }, (_, n) => `10.${n >> 8}.${n & 255}.0/24`) },
    'allowFrom is ["10.0.0.0/24"',
    'holds 8192: join ranges',
  ],
  ['no Validate at all', { validateConcurrency: 0 }, 'validateConcurrency is 0', '>=1'],
  ['a closed door', { throttle: { rate: 0, burst: 1 } }, 'throttle.rate is 0', '>0'],
  ['a throttle without burst', { throttle: { rate: 1 } }, 'throttle.burst is missing', 'number'],
  [
    'an unknown limit',
    { throttle: { rate: 1, burst: 1, max: 1 } },
    'throttle has no setting max',
    'rate, burst',
  ],
  ['no answer to yes or no', { apiGatewayLogRole: 'yes' }, 'apiGatewayLogRole is "yes"', 'boolean'],
  ['no VPC', { vpc: { ...vpc, id: 'net-1' } }, 'vpc.id is "net-1"', 'vpc-'],
  ['a VPC without zones', { vpc: { ...vpc, availabilityZones: [] } }, 'vpc.availabilityZones is []', '>=1'],
  ['no subnet', { vpc: { ...vpc, privateSubnetIds: ['net'] } }, 'vpc.privateSubnetIds.0 is "net"', 'subnet-'],
  [
    'an unknown member of the VPC',
    { vpc: { ...vpc, zones: 1 } },
    'vpc has no setting zones',
    'privateSubnetIds',
  ],
  ['a name with a capital', { name: 'Staging' }, 'name is "Staging"', 'lower-case letters', '23 at most'],
  ['a name that is too long for a rule', { name: 'a'.repeat(24) }, 'hookline.name is', '23 at most'],
  ['a name that ends in a hyphen', { name: 'a-' }, 'hookline.name is "a-"', 'hyphens between'],
  ['the name of a bus of AWS', { name: 'default' }, 'hookline.name is "default"', 'another name'],
  ['a policy of nowhere', { permissionsBoundary: 'policy/x' }, 'permissionsBoundary is "policy/x"', 'ARN'],
  ['half a path', { rolePath: '/teams' }, 'rolePath is "/teams"', '/teams/delivery/'],
  ['a tag of AWS', { tags: { 'aws:x': '1' } }, 'tags is {"aws:x":"1"}', 'do not begin with aws:'],
  ['a tag that is too long', { tags: { x: 'y'.repeat(257) } }, 'tags.x is', '256 char'],
  ['no mail address', { alarmEmail: 'nobody' }, 'alarmEmail is "nobody"', 'email'],
];

describe('the settings in cdk.json', () => {
  it.each(wrong)('are refused for %s', (_title, context, ...parts) => {
    for (const part of parts) expect(() => readSettings(context)).toThrow(part);
    expect(() => readSettings(context)).toThrow(/^cdk\.json: hookline/);
  });

  it.each([
    ['in an address', { hosts: { g: { ...host, url: 'https://bot:hidden@ghes.example.com' } } }, '***@ghes'],
    ['with what an address has', { hosts: { g: { ...host, api: 'https://u:/hi"d en/@hidden@g' } } }, '***@g'],
    ['without a user', { hosts: { g: { ...host, api: 'https://hidden@g' } } }, 'https://***@g'],
    ['in a query', { hosts: { g: { ...host, api: 'https://g/?token=hidden' } } }, 'https://g/?***'],
    ['for SSH', { hosts: { g: { ...host, ssh: 'ssh://git:hidden@g:22' } } }, 'ssh://***@g:22'],
    ['without a scheme', { hosts: { g: { ...host, url: 'bot:hidden@g' } } }, '"***@g"'],
    ['of a host that is wrong whole', { hosts: { kept: { ...host, url: 'https://u:hidden@g' } } }, '***@g'],
    ['in a list', { allowFrom: ['https://u:hidden@g'] }, '***@g'],
    ['of a key without its first line', withCa('hidden\nhidden\n-----END PRIVATE KEY-----'), '39 characters'],
    ['of a key in one line', withCa('hidden'.repeat(50)), '300 characters'],
    ['of a key in another setting', { name: '-----BEGIN PRIVATE KEY-----\nhidden' }, '34 characters'],
  ])('show no credential %s', (_title, context, shown) => {
    const read = () => readSettings(context);
    expect(read).toThrow(shown);
    expect(read).not.toThrow(/hidden/);
  });

  it('name every wrong one in a line of its own', () => {
    const read = () => readSettings({ archiveDays: 0, logDays: 2 });
    expect(read).toThrow(/^cdk\.json: hookline\.archiveDays .*\ncdk\.json: hookline\.logDays [^\n]*$/);
  });

  it('all have a default', () => {
    expect(readSettings(undefined)).toEqual(readSettings({}));
    expect(readSettings({})).toMatchObject({ hosts: { 'github.com': host }, archiveDays: 90 });
  });

  it('take certificates by their file or their text, and drop what stands between them', () => {
    const inline = `subject=a\n${authority}\n${readFileSync(certificateFile('other'), 'utf8')}`;
    for (const ca of [certificateFile('authority'), authority, inline])
      expect(readSettings(withCa(ca)).hosts.g?.ca).toMatch(
        /^(-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n)+$/,
      );
    expect(readSettings(withCa(certificateFile('authority'))).hosts.g?.ca).toBe(authority);
    expect(readSettings(withCa(inline)).hosts.g?.ca?.match(/BEGIN/g)).toHaveLength(2);
  });

  it('take a chain up to its root, and an authority that has expired, of which the synthesis warns', () => {
    const { cert } = signed;
    expect(readSettings(withCa(cert + authority)).hosts.g?.ca).toBe(cert + authority);
    expect(readSettings(withCa(certificateFile('expired'))).hosts.g?.ca).toContain('BEGIN');
  });

  it('are as docs/ghes.md has them, but for the file of the certificates', () => {
    const page = readFileSync(join(ROOT, 'docs/ghes.md'), 'utf8');
    const [shown = ''] = /(?<=```json\n)[^`]+/.exec(page) ?? [];
    const missing =
      /^cdk\.json: hookline\.hosts\.ghes\.example\.com\.ca is "certificates\/company-root\.pem": ENOENT[^\n]*$/;
    expect(() => readSettings(JSON.parse(shown))).toThrow(missing);
    const settings = readSettings(
      JSON.parse(shown.replace('certificates/company-root.pem', certificateFile('authority'))),
    );
    expect(settings).toMatchObject({ vpc: {}, hosts: { 'ghes.example.com': { vpc: true } } });
  });

  it('are taken or refused by name, whatever stands there', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('hosts', 'vpc', 'logDays', 'x'), fc.jsonValue()),
        (context) => {
          try {
            readSettings(context);
          } catch (error) {
            expect(String(error)).toMatch(/^Error: cdk\.json: hookline/);
          }
        },
      ),
    );
  });

  it('end the synthesis with the error alone, no stack trace, and no assembly', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hookline-settings-'));
    const { exitCode, stderr } = await execa(process.execPath, ['--import', 'tsx/esm', 'infra/app.ts'], {
      cwd: ROOT,
      reject: false,
      env: { CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify({ hookline: { logDays: 91 } }) },
    });
    const written = await readdir(folder);
    await rm(folder, { recursive: true });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^cdk\.json: hookline\.logDays is 91: expected one of [\d|]+$/);
    expect(written).not.toContain('manifest.json');
  });
});
