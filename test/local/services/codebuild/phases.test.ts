import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../local/testing.ts';
import { type Bench, bench, type ShownBuild, spec } from '../../../support/local/codebuild.ts';

const folder = temporaryFolder();
let at: Bench;

beforeEach(async () => {
  at = bench(`${folder.path}/${randomUUID()}`);
  await at.project();
  await at.begin();
});
afterEach(() => at.cloud.close());
afterAll(() => folder.remove());

/** How the phases with commands went. */
function went(build: ShownBuild): Record<string, string | undefined> {
  const ours = build.phases.filter(({ phaseType }) => /INSTALL|BUILD/.test(phaseType));
  return Object.fromEntries(ours.map(({ phaseType, phaseStatus }) => [phaseType, phaseStatus]));
}

describe('a build’s phases', () => {
  it('are CodeBuild’s, in their order', async () => {
    const build = await at.run(spec({ build: ['true'] }));
    expect(build).toMatchObject({ buildStatus: 'SUCCEEDED', currentPhase: 'COMPLETED', buildComplete: true });
    expect(build.phases.map(({ phaseType }) => phaseType)).toEqual([
      'SUBMITTED',
      'QUEUED',
      'PROVISIONING',
      'DOWNLOAD_SOURCE',
      'INSTALL',
      'PRE_BUILD',
      'BUILD',
      'POST_BUILD',
      'UPLOAD_ARTIFACTS',
      'FINALIZING',
      'COMPLETED',
    ]);
  });

  it('share one shell: folder, variables, functions', async () => {
    const build = await at.run(
      spec({
        install: ['mkdir -p deep && cd deep', 'greet() { echo "hello $1 in ${PWD##*/}"; }', 'name=Ada'],
        build: ['greet "$name"'],
      }),
    );
    expect(await at.lines(build.id)).toContain('hello Ada in deep');
  });

  it('end with a failed command, whose status is told; post_build runs and knows', async () => {
    const build = await at.run(
      spec({
        build: ['exit 71', 'echo not reached'],
        post_build: ['echo "succeeding=$CODEBUILD_BUILD_SUCCEEDING"'],
      }),
    );
    expect(build.buildStatus).toBe('FAILED');
    expect(build.phases.find(({ phaseType }) => phaseType === 'BUILD')).toMatchObject({
      phaseStatus: 'FAILED',
      contexts: [
        {
          statusCode: 'COMMAND_EXECUTION_ERROR',
          message: 'Error while executing command: exit 71. Reason: exit status 71',
        },
      ],
    });
    const lines = await at.lines(build.id);
    expect(lines).toContain('succeeding=0');
    expect(lines).not.toContain('not reached');
  });

  it.each([
    ['install', { INSTALL: 'FAILED' }],
    ['pre_build', { INSTALL: 'SUCCEEDED', PRE_BUILD: 'FAILED' }],
    [
      'post_build',
      { INSTALL: 'SUCCEEDED', PRE_BUILD: 'SUCCEEDED', BUILD: 'SUCCEEDED', POST_BUILD: 'FAILED' },
    ],
  ] as const)('after a failed %s there is no phase with commands', async (name, expected) => {
    const build = await at.run(spec({ [name]: ['false'] }));
    expect(build.buildStatus).toBe('FAILED');
    expect(went(build)).toEqual(expected);
  });

  it('go on after a failure with on-failure CONTINUE, and end with ABORT', async () => {
    const phases = (name: string, onFailure: string) => ({
      phases: { [name]: { 'on-failure': onFailure, commands: ['false'] } },
    });
    const goesOn = await at.run(spec({}, phases('pre_build', 'CONTINUE')));
    expect(goesOn.buildStatus).toBe('FAILED');
    expect(went(goesOn)).toMatchObject({ PRE_BUILD: 'FAILED', BUILD: 'SUCCEEDED', POST_BUILD: 'SUCCEEDED' });
    const aborted = await at.run(spec({}, phases('build', 'ABORT')));
    expect(went(aborted)).not.toHaveProperty('POST_BUILD');
  });

  it('do what is under finally after a failure too, and fail by it', async () => {
    const build = await at.run(
      spec({}, { phases: { build: { commands: ['exit 3'], finally: ['echo cleaned up'] } } }),
    );
    expect(await at.lines(build.id)).toContain('cleaned up');
    expect(build.phases.flatMap(({ contexts }) => contexts.map(({ message }) => message))).toContain(
      'Error while executing command: exit 3. Reason: exit status 3',
    );
    const late = await at.run(spec({}, { phases: { build: { commands: [], finally: ['exit 4'] } } }));
    expect(late.buildStatus).toBe('FAILED');
  });

  it('go on in a new shell with the folder and the exported variables when a command leaves the shell', async () => {
    const build = await at.run(
      spec({ build: ['export A=1', 'mkdir d && cd d', 'exit 0', 'echo "A=$A in ${PWD##*/}"'] }),
    );
    expect(build.buildStatus).toBe('SUCCEEDED');
    expect(await at.lines(build.id)).toContain('A=1 in d');
  });

  it.each(['bash', '/bin/sh'])('run in %s', async (shell) => {
    const build = await at.run(spec({ build: ['cd /', 'export A=x', 'echo "$A $PWD"'] }, { env: { shell } }));
    expect(await at.lines(build.id)).toContain('x /');
  });
});

describe('exported variables', () => {
  it('come back whole, in the order of the buildspec; what was not exported or is empty does not', async () => {
    const value = 'a\n"b" \'c\' $d `e` \\ é 漢 😀\n\nz ';
    const build = await at.run(
      spec(
        { build: ['export SECOND="$GIVEN"', 'export EMPTY=', 'LOCAL=1'], post_build: ['export FIRST=1'] },
        { env: { shell: 'bash', 'exported-variables': ['FIRST', 'SECOND', 'EMPTY', 'LOCAL', 'NEVER'] } },
      ),
      { environmentVariablesOverride: [{ name: 'GIVEN', value }] },
    );
    expect(build.exportedEnvironmentVariables).toEqual([
      { name: 'FIRST', value: '1' },
      { name: 'SECOND', value },
    ]);
  });
});

describe('a buildspec that cannot be carried out', () => {
  it.each([
    ['an unknown key', 'version: 0.2\nphases: {build: {comands: [a]}}\n', 'comands'],
    ['a cache', 'version: 0.2\ncache: {paths: [a]}\n', 'cache'],
    ['reports', 'version: 0.2\nreports: {r: {}}\n', 'reports'],
    [
      'a shell that CodeBuild does not name so',
      spec({ build: ['true'] }, { env: { shell: 'sh' } }),
      'env.shell: Invalid option: expected one of "bash"|"/bin/sh"',
    ],
    [
      'a pattern of folders',
      spec({ build: ['true'] }, { artifacts: { files: ['**/*'], 'base-directory': 'build*' } }),
      'artifacts.base-directory: the pattern build* is not supported here: name one folder',
    ],
    ['a batch', 'version: 0.2\nbatch: {}\n', 'batch'],
    ['another version', 'version: 0.1\n', 'version'],
    ['no phases', 'version: 0.2\n', 'phases'],
    ['phases that are none', 'version: 0.2\nphases: {}\n', 'name one of install'],
    ['no YAML', 'version: 0.2\nphases: [\n', ''],
    ['a file that is not there', 'other.yml', 'other.yml'],
  ])('with %s fails the build and says why', async (_, buildspec, named) => {
    const build = await at.run(buildspec);
    expect(build.buildStatus).toBe('FAILED');
    const failed = build.phases.find(({ phaseStatus }) => phaseStatus === 'FAILED');
    expect(failed).toMatchObject({
      phaseType: 'DOWNLOAD_SOURCE',
      contexts: [{ statusCode: 'YAML_FILE_ERROR' }],
    });
    expect(failed?.contexts[0]?.message).toContain(named);
  });
});
