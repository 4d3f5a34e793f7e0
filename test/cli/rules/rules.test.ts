import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkRule } from '../../../events/rule-file.ts';
import { runInProcess } from '../../support/cli/in-process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-rules-'));
  await writeFile(join(folder, 'good.yaml'), 'description: good\nmatch: { event: [push] }\n');
  await writeFile(join(folder, 'bad.yaml'), 'description: bad\nmatch: { event: push }\nstats: true\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function readRule(file: string) {
  const [rule] = checkRule(file).rules;
  if (!rule) throw new Error(`${file} is no rule`);
  return rule;
}

const run = (...args: string[]) => runInProcess(args, { cwd: folder });

describe('hookline rules check', () => {
  it('says what each rule of a folder matches, and what is wrong with the others', async () => {
    const { stdout, stderr, exitCode } = await run('rules', 'check', '.');
    expect({ stdout, exitCode }).toEqual({ stdout: '✔ good: event is "push"', exitCode: 1 });
    expect(stderr.split('\n')).toEqual([
      'hookline: bad.yaml:2:17: match.event is "push": write a list of values, as in [push], or the members below it',
      expect.stringMatching(
        /^bad\.yaml:3:1: the rule has no option "stats" \(allowed: description, match, was, paths,/,
      ),
    ]);
  });

  it('warns of check runs that no host of cdk.json can have', async () => {
    const file = join(folder, 'checks.yaml');
    await writeFile(file, 'description: checks\nmatch: { event: [push] }\nstatus: checks\n');
    const { stdout, exitCode } = await run('rules', 'check', 'checks.yaml');
    await rm(file);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^! checks\.yaml:3:9: a check run is written by a GitHub App alone, and the credential of github\.com may be none: say "app": true/m,
    );
  });

  it('prints problems as JSON too', async () => {
    const { stdout, stderr, exitCode } = await run('rules', 'check', '--json', 'bad.yaml', 'good.yaml');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 1 });
    expect(JSON.parse(stdout)).toMatchObject({
      rules: [{ name: 'good' }],
      problems: [
        { file: 'bad.yaml', line: 2, column: 17, message: expect.stringMatching(/^match\.event is "push"/) },
        { file: 'bad.yaml', line: 3, column: 1, message: expect.stringMatching(/^the rule has no option/) },
      ],
    });
  });

  it('warns of a compute that the Region of the environment does not have', async () => {
    const env = { AWS_REGION: 'eu-north-1' };
    const { stdout, exitCode } = await runInProcess(['rules', 'check', 'good.yaml'], { cwd: folder, env });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /\n! good\.yaml:1:1: the rule good pulls on CodeBuild's Lambda compute, which eu-north-1 does not have \(us-east-1, .*compute: ec2/,
    );
    const there = await runInProcess(['rules', 'check', 'good.yaml'], {
      cwd: folder,
      env: { AWS_REGION: 'eu-west-1' },
    });
    expect(there.stdout).toBe('✔ good: event is "push"');
  });

  it('ends with 0 for the rules in force', async () => {
    const { stdout, exitCode } = await run('rules', 'check', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      rules: [{ name: 'default' }, { name: 'demo' }],
      problems: [],
    });
  });
});

describe('hookline rules new', () => {
  it('writes a file that names its schema, and not over another', async () => {
    const args = [
      'rules',
      'new',
      'acme',
      '--repository',
      'acme/*',
      '--ref',
      'refs/heads/main',
      '--rules',
      folder,
    ];
    expect(await run(...args)).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(folder, 'acme.yaml'), 'utf8')).toMatch(/^# yaml-language-server: \$schema=/);
    expect((await run(...args)).stderr).toContain('there is a rule acme already');
  });
});

describe('what can never match', () => {
  const fresh = (...args: string[]) => run('rules', 'new', ...args, '--rules', folder);

  it('is not written: a short ref becomes the full one, and the rest is refused with the reason', async () => {
    await fresh('short', '--repository', 'acme/api', '--ref', 'main', '--tag', 'v*');
    const { match, description } = readRule(join(folder, 'short.yaml'));
    expect(description).toBe('every event to main or tag v* of acme/api');
    expect(match.payload).toMatchObject({ ref: ['refs/heads/main', { prefix: 'refs/tags/v' }] });
    await fresh('tagged', '--ref', 'tag v1');
    expect(readRule(join(folder, 'tagged.yaml')).match.payload).toEqual({ ref: ['refs/tags/v1'] });
    await fresh('created', '--ref', 'main', '--event', 'create');
    expect(readRule(join(folder, 'created.yaml')).match.payload).toEqual({ ref: ['main'] });
    for (const [args, reason] of [
      [['--event', 'pussh'], 'match.event is "pussh": no git host sends an event of this name'],
      [['--repository', 'acme'], 'the repository is "acme": no repository is called so; write owner/name'],
      [['--ref', 'my branch'], 'the ref is "refs/heads/my branch"'],
    ] as const)
      expect(await fresh('never', ...args)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(reason),
      });
    expect(await fresh('owner', '--repository', 'acme*')).toMatchObject({ exitCode: 0 });
  });

  it('is a warning in a file that was written by hand', async () => {
    const file = join(folder, 'doubtful.yaml');
    await writeFile(file, 'description: x\nmatch:\n  event: [push]\n  payload: { ref: [main] }\n');
    const { stdout, stderr, exitCode } = await run('rules', 'check', file);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toContain('! doubtful.yaml:4:20: the ref is "main": a push has the full ref');
    const json = await run('rules', 'check', '--json', file);
    expect(JSON.parse(json.stdout)).toMatchObject({ problems: [], warnings: [{ line: 4, column: 20 }] });
  });
});

describe('hookline up', () => {
  it('refuses a folder with a wrong rule before it synthesizes anything', async () => {
    const { stdout, stderr, exitCode } = await run('up', '--no-demo', '--port', '0', '--rules', folder);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toContain(`bad.yaml:2:17: match.event is "push"`);
  });
});
