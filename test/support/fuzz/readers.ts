import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { writeRule } from '../../../cli/rules/write-rule.ts';
import { gitHostSecrets } from '../../../cli/up/git-host.ts';
import { hostsSchema } from '../../../events/hosts.ts';
import { parseRule } from '../../../events/rule-file.ts';
import { type RuleDraft, ruleText } from '../../../events/rule-text.ts';
import { parseSetting } from '../../../functions/shared/setting.ts';
import { readSettings } from '../../../infra/settings.ts';
import { runInProcess } from '../cli/in-process.ts';
import { changed, changedValue, HOSTILE } from './damaged.ts';

/** What a person writes or a disk damages: an arbitrary of it, who reads it, and the words that every refusal has. */
interface Reader<T> {
  readonly given: fc.Arbitrary<T>;
  /** @throws the refusal */
  read(given: T): unknown;
  readonly named: RegExp;
}

const OF_THE_PROGRAM = ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'];
const TRACE = /\n {4}at |node_modules/;

const check = <T>({ given, read, named }: Reader<T>) =>
  fc.asyncProperty(given, async (value) => {
    try {
      await read(value);
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: 'no error', message: String(error) };
      if (OF_THE_PROGRAM.includes(name) || TRACE.test(message) || !named.test(message))
        throw new Error(`a refusal that names nothing: ${name}: ${message}`, { cause: error });
    }
  });

const HOST = {
  provider: 'github',
  url: 'https://github.com',
  clone: 'https',
  ca: 'x.pem',
  api: 'https://api.github.com',
};
const SETTINGS = {
  ...{ name: 'hookline', archiveDays: 90, logDays: 90, oldVersionDays: 90, artifactDays: 1, doorKey: 'k' },
  ...{ throttle: { rate: 10, burst: 200 }, allowFrom: ['10.0.0.0/8'], reconcile: { minutes: 15 } },
  ...{ vpc: { id: 'vpc-1', availabilityZones: ['a'], privateSubnetIds: ['subnet-1'] }, tags: { a: 'b' } },
  ...{ domain: { name: 'a.example.com', certificate: 'arn' }, alarmEmail: 'a@example.com', kmsKey: 'k' },
  ...{ privateDoor: { vpcEndpointIds: ['vpce-1'] }, rolePath: '/a/', permissionsBoundary: 'p' },
  hosts: { 'github.com': HOST, 'ghe.example.com': { ...HOST, vpc: true } },
};

const RULE = `description: a rule
match:
  event: [push, pull_request]
  payload:
    ref: [refs/heads/main, { prefix: refs/tags/ }]
    repository: { full_name: [{ anything-but: [acme/x] }, { wildcard: 'acme/*' }] }
pull: { submodules: false, lfs: false, git: false, compute: lambda, folder: web }
paths: ['src/**', '!src/**/*.md']
pipeline: { name: acme-main, variables: { COMMIT: '{commit}' } }
status: true
superseded: stop
`;

const COMMANDS = [
  ...['outputs', 'overview', 'deliveries list', 'deliveries show', 'deliveries logs', 'artifacts list'],
  ...[
    'secret list',
    'secret show',
    'rules list',
    'rules check',
    'hooks list',
    'replay',
    'redeliver',
    'x',
    '',
  ],
];
const OPTIONS = [
  '--json',
  '--all',
  '--limit',
  '--since',
  '--ref',
  '--outcome',
  '--rule',
  '--from',
  '--to',
  '--x',
];

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-fuzz-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const settings: Reader<unknown> = {
  given: changedValue(SETTINGS),
  read: (context) => readSettings(context),
  named: /cdk\.json|setting/,
};

const rules: Reader<string> = {
  given: changed(RULE),
  read: (text) => parseRule(text, 'events/rules/a.yaml'),
  named: /events\/rules\/a\.yaml:\d+:\d+/,
};

const secrets: Reader<string> = {
  given: changed(JSON.stringify({ token: 'a'.repeat(40), webhookSecret: 'b'.repeat(64) })),
  read: (text) =>
    inFolder(async (folder) => {
      await writeFile(join(folder, 'secrets.json'), text);
      await gitHostSecrets(folder);
    }),
  named: /secrets\.json/,
};

const hosts: Reader<string> = {
  given: fc.oneof(
    changed(JSON.stringify(SETTINGS.hosts)),
    changedValue(SETTINGS.hosts).map((value) => JSON.stringify(value)),
  ),
  read: (text) => parseSetting('parameter /hookline/hosts', text, hostsSchema),
  named: /parameter \/hookline\/hosts is not /,
};

const word = (...usual: string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom('', ...usual) }, HOSTILE);

/** The words of the console's form, and of `rules new`. */
const drafts: Reader<{ name: string; wanted: RuleDraft }> = {
  given: fc.record({
    name: word('site', 'a-rule', '../up', 'A', 'a'.repeat(200), '__proto__'),
    wanted: fc.record(
      {
        description: word('why'),
        event: fc.array(word('push', 'create', 'pull_request'), { maxLength: 3 }),
        repository: word('acme/site', 'acme/*', '*', '../..'),
        ref: word('main', 'refs/heads/main', 'v*', 'tag v1'),
        tag: word('v1', 'v*'),
        pipeline: word('acme-site', '{name}-main', '{'),
        status: fc.boolean(),
        paths: fc.array(word('src/**', '!docs/**', '['), { maxLength: 3 }),
        skipCi: fc.boolean(),
        skipSuperseded: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  }),
  read: ({ name, wanted }) =>
    inFolder(async (folder) => {
      const file = await writeRule(folder, name, ruleText(name, wanted));
      // Whatever is written is a rule.
      parseRule(await readFile(file, 'utf8').catch(() => ''), 'written');
      if ((await readdir(folder)).join() !== `${name}.yaml`) throw new Error(`written elsewhere: ${file}`);
    }),
  named: /^(?!written)/,
};

const args: Reader<readonly string[]> = {
  given: fc
    .tuple(
      fc.constantFrom(...COMMANDS),
      fc.array(fc.oneof(fc.constantFrom(...OPTIONS), fc.string({ unit: 'binary', maxLength: 12 })), {
        maxLength: 5,
      }),
    )
    .map(([command, more]) => [...command.split(' '), ...more]),
  read: (given) =>
    inFolder(async (folder) => {
      const env = { HOOKLINE_DATA: join(folder, 'none'), HOOKLINE_STACK: '' };
      const { exitCode, stderr } = await runInProcess(given, { cwd: folder, env });
      if (exitCode !== 0) throw new Error(stderr);
    }),
  named: /^(hookline|error): .*|Usage: hookline/,
};

/** By name: runs so many, and @throws with the seed and the smallest that is refused as none may be. */
export const READERS: Readonly<Record<string, (seed: number, runs: number) => Promise<void>>> = {
  settings: (seed, numRuns) => fc.assert(check(settings), { seed, numRuns }),
  rules: (seed, numRuns) => fc.assert(check(rules), { seed, numRuns }),
  secrets: (seed, numRuns) => fc.assert(check(secrets), { seed, numRuns }),
  hosts: (seed, numRuns) => fc.assert(check(hosts), { seed, numRuns }),
  drafts: (seed, numRuns) => fc.assert(check(drafts), { seed, numRuns }),
  args: (seed, numRuns) => fc.assert(check(args), { seed, numRuns }),
};
