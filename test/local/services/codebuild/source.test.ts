import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ZipFile } from 'yazl';
import * as z from 'zod';
import { makeResource } from '../../../../local/core/gate.ts';
import type { Collection } from '../../../../local/core/store.ts';
import type { StoredBuild } from '../../../../local/services/codebuild/build.ts';
import { s3Service } from '../../../../local/services/s3/index.ts';
import { secretsManagerService } from '../../../../local/services/secrets-manager/index.ts';
import { ssmService } from '../../../../local/services/ssm/index.ts';
import { fakeService, temporaryFolder } from '../../../../local/testing.ts';
import { type Bench, bench, ROLE, type ShownBuild, spec } from '../../../support/local/codebuild.ts';
import { readZip } from '../../../support/zip.ts';

const folder = temporaryFolder();
let at: Bench;
let state: string;
const code = `${folder.path}/code`;

beforeEach(async () => {
  mkdirSync(code, { recursive: true });
  writeFileSync(`${code}/hello.sh`, 'echo hello from the asset');
  state = `${folder.path}/${randomUUID()}`;
  const linked = `${state}-link`;
  symlinkSync(code, linked);
  at = bench(state, {
    'code.zip': { path: code, packaging: 'zip' },
    'linked.zip': { path: linked, packaging: 'zip' },
  });
  const s3 = at.cloud.add(s3Service(at.cloud));
  at.cloud.add(ssmService(at.cloud));
  at.cloud.add(secretsManagerService(at.cloud));
  await makeResource(s3, {
    stackName: 'S',
    logicalId: 'B',
    type: 'AWS::S3::Bucket',
    generatedName: 'b',
    properties: { BucketName: 'bucket', VersioningConfiguration: { Status: 'Enabled' } },
  });
  await at.project();
  await at.begin();
});
afterEach(() => at.cloud.close());
afterAll(() => folder.remove());

type Entry = readonly [path: string, body: string, mode?: number];

/** Puts a zip at `in.zip`. @returns its version */
async function putZip(entries: readonly Entry[]): Promise<string> {
  const zip = new ZipFile();
  for (const [path, body, mode = 0o100644] of entries) zip.addBuffer(Buffer.from(body), path, { mode });
  zip.end();
  const input = { Bucket: 'bucket', Key: 'in.zip', Body: await buffer(zip.outputStream) };
  const answer = await at.cloud.request('s3', 'PutObject', input);
  return z.looseObject({ VersionId: z.string() }).parse(answer).VersionId;
}

const fromZip = { sourceTypeOverride: 'S3', sourceLocationOverride: 'bucket/in.zip' };

function messages({ phases }: ShownBuild): string {
  return phases.flatMap(({ contexts }) => contexts.map(({ message }) => message)).join('\n');
}

async function output(): Promise<Map<string, { mode: number; body: Buffer }>> {
  const answer = await at.cloud.request('s3', 'GetObject', { Bucket: 'bucket', Key: 'out/it.zip' });
  const { Body } = z.looseObject({ Body: z.custom<AsyncIterable<Uint8Array>>() }).parse(answer);
  return readZip(await buffer(Body));
}

describe('a build’s source', () => {
  it('comes into the folder of the state, where the next start finds it after a kill', async () => {
    const Body = new PassThrough();
    at.cloud.add(fakeService('s3', { GetObject: () => ({ Body }) }));
    const { id } = await at.start(fromZip);
    const files = () => readdirSync(state, { recursive: true, encoding: 'utf8' });
    await vi.waitFor(() => expect(files().map((file) => basename(file))).toContain('source.zip'));
    Body.destroy(new Error('the source broke off'));
    expect(messages(await at.end(id))).toContain('the source broke off');
    await vi.waitFor(() => expect(files().map((file) => basename(file))).not.toContain('source.zip'));
  });

  it.each([
    ['asset', 'code.zip'],
    ['link to an asset', 'linked.zip'],
  ])('is a copy of the assembly’s %s, which the build cannot change', async (_what, key) => {
    const build = await at.run(spec({ build: ['sh hello.sh', 'echo changed > hello.sh'] }), {
      sourceTypeOverride: 'S3',
      sourceLocationOverride: `assets/${key}`,
    });
    expect(build.buildStatus).toBe('SUCCEEDED');
    expect(await at.lines(build.id)).toContain('hello from the asset');
    expect(readFileSync(`${code}/hello.sh`, 'utf8')).toBe('echo hello from the asset');
  });

  it.each<[string, string, (asset: string, builds: Collection<StoredBuild>, id: string) => unknown]>([
    ['as it was', 'old', () => undefined],
    ['as its project has it now, where that is gone', 'new', (asset) => rmSync(asset, { recursive: true })],
    [
      'as its project has it now, where an earlier release has not noted it',
      'new',
      (_asset, builds, id) => builds.put(id, { build: builds.get(id)?.build ?? expect.fail() }),
    ],
  ])('is taken up with another assembly %s', async (_what, expected, change) => {
    const assetOf = (name: string) => `${state}-${name}`;
    const opened = async (name: string) => {
      mkdirSync(assetOf(name), { recursive: true });
      writeFileSync(`${assetOf(name)}/hello.sh`, `echo the ${name} asset`);
      await at.cloud.close();
      at = bench(state, { [`${name}.zip`]: { path: assetOf(name), packaging: 'zip' } });
      const Resource = [`arn:aws:s3:::assets/${name}.zip`];
      at.cloud.policies.identity('build', [ROLE], [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource }]);
      const BuildSpec = spec({ build: ['sh hello.sh', `until [ -e '${state}/go' ]; do sleep 0.1; done`] });
      await at.project({ Source: { Type: 'S3', Location: `assets/${name}.zip`, BuildSpec } });
      await at.begin();
    };
    await opened('old');
    const { id } = await at.start();
    await vi.waitFor(async () => expect(await at.lines(id)).toContain('the old asset'));
    await change(assetOf('old'), at.cloud.store.collection('codebuild/builds'), id);
    await opened('new');
    writeFileSync(`${state}/go`, '');
    expect((await at.end(id)).buildStatus).toBe('SUCCEEDED');
    const lines = (await at.lines(id)).filter((line) => line.startsWith('the '));
    expect(lines).toEqual(['the old asset', `the ${expected} asset`]);
  });

  it('that its role may not read fails the build, also an asset', async () => {
    at.cloud.policies.remove('build');
    const sourceLocationOverride = 'assets/code.zip';
    const build = await at.run(spec({ build: ['true'] }), {
      sourceTypeOverride: 'S3',
      sourceLocationOverride,
    });
    at.cloud.policies.identity('build', [ROLE], [{ Effect: 'Allow', Action: ['s3:*'], Resource: ['*'] }]);
    expect(build.buildStatus).toBe('FAILED');
    expect(messages(build)).toContain(
      `${ROLE} is not authorized to perform s3:GetObject on arn:aws:s3:::${sourceLocationOverride}`,
    );
  });

  it('is a version of an object, with modes and links, and has the buildspec', async () => {
    const commands = [
      './run',
      'cat link',
      'echo "at $CODEBUILD_RESOLVED_SOURCE_VERSION"',
      'pwd -P',
      'cd "$CODEBUILD_SRC_DIR"',
    ];
    const sourceVersion = await putZip([
      ['buildspec.yml', spec({ build: commands })],
      ['run', '#!/bin/sh\necho it runs', 0o100755],
      ['deep/file', 'linked to'],
      ['link', 'deep/file', 0o120777],
    ]);
    await putZip([['buildspec.yml', 'of another version']]);
    await at.project({ Source: { Type: 'S3', Location: 'bucket/in.zip' } });
    const build = await at.end((await at.start({ sourceVersion })).id);
    expect(build).toMatchObject({
      buildStatus: 'SUCCEEDED',
      sourceVersion,
      resolvedSourceVersion: sourceVersion,
    });
    expect(await at.lines(build.id)).toEqual(
      expect.arrayContaining(['it runs', 'linked to', `at ${sourceVersion}`]),
    );
  });

  it.each([
    ['is not there', 'bucket/none.zip', 'none.zip'],
    ['is no zip', 'bucket/text.zip', 'central directory'],
  ])('that %s fails the build at its download', async (_, sourceLocationOverride, named) => {
    await at.cloud.request('s3', 'PutObject', { Bucket: 'bucket', Key: 'text.zip', Body: 'no zip' });
    const build = await at.run(spec({}), { ...fromZip, sourceLocationOverride });
    expect(build.buildStatus).toBe('FAILED');
    expect(build.phases.at(-3)).toMatchObject({ phaseType: 'DOWNLOAD_SOURCE', phaseStatus: 'FAILED' });
    expect(messages(build)).toContain(named);
  });
});

describe('a build’s artifact', () => {
  const artifactsOverride = { type: 'S3', location: 'bucket', path: 'out', name: 'it.zip' };
  const commands = [
    'mkdir -p dist/deep .hidden && echo a > dist/a.txt && echo b > dist/deep/b.txt && echo c > .hidden/c',
    'chmod 755 dist/a.txt && ln -s a.txt dist/link',
  ];
  const made = (artifacts: object) => at.run(spec({ build: commands }, { artifacts }), { artifactsOverride });

  it('has the files of the patterns, hidden ones too, with modes and links', async () => {
    expect((await made({ files: ['**/*'] })).buildStatus).toBe('SUCCEEDED');
    const files = await output();
    expect([...files.keys()].sort()).toEqual(['.hidden/c', 'dist/a.txt', 'dist/deep/b.txt', 'dist/link']);
    expect(files.get('dist/a.txt')).toMatchObject({ mode: 0o100755, body: Buffer.from('a\n') });
    expect(files.get('dist/link')).toMatchObject({ mode: 0o120777, body: Buffer.from('a.txt') });
  });

  it('is cut to its base directory, its exclusions, and without paths', async () => {
    await made({ files: ['**/*.txt'], 'base-directory': 'dist', 'discard-paths': 'yes' });
    expect([...(await output()).keys()].sort()).toEqual(['a.txt', 'b.txt']);
    await made({ files: '**/*', 'base-directory': 'dist', 'exclude-paths': ['deep/**'] });
    expect([...(await output()).keys()].sort()).toEqual(['a.txt', 'link']);
  });

  it.each([
    ['that match nothing', { files: ['none/*'] }],
    ['outside of the source', { files: ['**/*'], 'base-directory': '../shell' }],
    ['named by a path out of the source', { files: ['../shell/*'] }],
  ])('with files %s fails the build', async (_, artifacts) => {
    const build = await made(artifacts);
    expect(build.buildStatus).toBe('FAILED');
    expect(build.phases.find(({ phaseStatus }) => phaseStatus === 'FAILED')?.phaseType).toBe(
      'UPLOAD_ARTIFACTS',
    );
    expect(messages(build)).toMatch(/no matching artifact paths|leaves its folder/);
  });
});

describe('a build’s environment', () => {
  const projectWith = (EnvironmentVariables: object[]) =>
    at.project({
      Environment: {
        ...{ Type: 'LINUX_CONTAINER', Image: 'i', ComputeType: 'BUILD_GENERAL1_SMALL' },
        EnvironmentVariables,
      },
    });

  it('has the buildspec’s variables below the project’s below those of the start', async () => {
    await projectWith([
      { Name: 'B', Value: 'project' },
      { Name: 'C', Value: 'project' },
    ]);
    const variables = { A: 'buildspec', B: 'buildspec', C: 'buildspec' };
    const build = await at.run(spec({ build: ['echo "$A $B $C"'] }, { env: { variables } }), {
      environmentVariablesOverride: [{ name: 'C', value: 'start' }],
    });
    expect(await at.lines(build.id)).toContain('buildspec project start');
  });

  it('has parameters and secrets, whole and by key', async () => {
    await at.cloud.request('ssm', 'PutParameter', {
      Name: '/a',
      Type: 'String',
      Value: 'of the parameter',
    });
    const SecretString = JSON.stringify({ token: 'of the secret', number: 7 });
    await at.cloud.request('secretsmanager', 'CreateSecret', { Name: 's', SecretString });
    const env = {
      'parameter-store': { P: '/a' },
      'secrets-manager': { S: 's:token', N: 's:number:AWSCURRENT', W: 's' },
    };
    const build = await at.run(spec({ build: ['echo "$P, $S, $N, $W" | base64 -w 0'] }, { env }));
    const shown = Buffer.from(`of the parameter, of the secret, 7, ${SecretString}\n`).toString('base64');
    expect(await at.lines(build.id)).toContain(shown);
    const failed = await at.run(spec({ build: ['true'] }, { env: { 'secrets-manager': { S: 's:none' } } }));
    expect(failed.buildStatus).toBe('FAILED');
    expect(messages(failed)).toContain('none');
    expect(messages(failed)).not.toContain('of the secret');
  });

  it('shows no parameter and no secret in its log, and exports none of the project nor AWS’s own variables', async () => {
    const Value = 'first line\nfirst';
    await at.cloud.request('ssm', 'PutParameter', { Name: '/a', Type: 'String', Value });
    await at.cloud.request('secretsmanager', 'CreateSecret', { Name: 's', SecretString: 'of the secret' });
    await projectWith([
      { Name: 'P', Type: 'PARAMETER_STORE', Value: '/a' },
      { Name: 'PLAIN', Value: 'plain' },
    ]);
    const env = {
      'secrets-manager': { S: 's' },
      'exported-variables': ['P', 'O', 'AWS_REGION', 'AWS_SECRET_ACCESS_KEY', 'PLAIN'],
    };
    const build = await at.run(spec({ build: ['echo "<$P> <$S> <$O>"', 'echo of the secret'] }, { env }), {
      environmentVariablesOverride: [{ name: 'O', type: 'SECRETS_MANAGER', value: 's' }],
    });
    expect(build.exportedEnvironmentVariables).toEqual([{ name: 'PLAIN', value: 'plain' }]);
    const lines = await at.lines(build.id);
    expect(lines).toEqual(expect.arrayContaining(['<***', '***> <***> <***>', '***']));
    expect(lines.join('\n')).not.toMatch(/first|of the secret/);
  });

  it('asks for a parameter by ssm:GetParameters, and fails without one', async () => {
    const calls = vi.spyOn(at.cloud, 'call');
    const asking = spec({ build: ['true'] }, { env: { 'parameter-store': { P: '/nothing' } } });
    expect(messages(await at.run(asking))).toContain('there is no parameter /nothing');
    const asked = calls.mock.calls.filter(([service]) => service === 'ssm');
    expect(asked.map(([, operation]) => operation)).toEqual(['GetParameters']);
  });

  it('has nothing of whoever started the runtime', async () => {
    process.env.SECRET_OF_THE_PROCESS = 'seen';
    const build = await at.run(
      spec({ build: ['env | sed "s/=.*//" | sort | tr "\\n" " "; echo "home=$HOME"'] }),
    );
    delete process.env.SECRET_OF_THE_PROCESS;
    const names = (await at.lines(build.id)).find((line) => line.includes('PATH'))?.split(' ') ?? [];
    const allowed = /^(PATH|HOME|TMPDIR|LANG|TZ|CI|PWD|OLDPWD|SHLVL|_|AWS_\w+|CODEBUILD_\w+|home=.*)$/;
    expect(names.filter((name) => !allowed.test(name))).toEqual([]);
    expect(names).toEqual(
      expect.arrayContaining(['AWS_ACCESS_KEY_ID', 'CODEBUILD_BUILD_ID', 'CODEBUILD_SRC_DIR']),
    );
    expect(names.find((name) => name.startsWith('home='))).toContain(folder.path);
  });
});
