import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodePipelineClient, GetPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { connect } from '../../operate/connection/connection.ts';
import { redeliver } from '../../operate/deliveries/actions.ts';
import { runsOf } from '../../operate/deliveries/runs.ts';
import type { Ended } from '../support/ended.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';
import { readZip } from '../support/zip.ts';

let hookline: Hookline;
let repository: Repository;
let rules: string;

const OPTIONS: Readonly<Record<string, string>> = {
  filtered: "paths: [src/**, '!src/docs/**']",
  skipping: 'skip: [ci-words]',
  ignoring: 'paths-ignore: [docs/**]',
  history: 'pull: { git: true }',
  variables:
    "pipeline: { name: hookline-example, variables: { REF: '{repository} {branch} {commit} <host> {payload.repository.default_branch} {payload.release.name|none} {commit.subject} {commit.files|0}' } }",
  stopped: 'pipeline: hookline-example',
  started: 'pipeline: hookline-example\nsuperseded: start',
  skipped: 'pipeline: hookline-example\nsuperseded: skip',
  status: 'status: true',
};

beforeAll(async () => {
  rules = await mkdtemp(join(tmpdir(), 'hookline-rules-'));
  await cp('events/examples', rules, { recursive: true });
  for (const [name, options] of Object.entries(OPTIONS)) {
    const match = `match: { event: [push], payload: { repository: { full_name: [acme/${name}] } } }`;
    await writeFile(join(rules, `${name}.yaml`), `description: ${name}\n${match}\n${options}\n`);
  }
  [hookline, repository] = await Promise.all([startHookline(undefined, { rules }), createRepository()]);
});
afterAll(async () => {
  await repository?.remove();
  await hookline?.remove();
  await rm(rules, { recursive: true, force: true });
});

const url = (name: string) => {
  const address = new URL(`${hookline.outputs.gitUrl}/${name}.git`);
  address.username = 'test';
  address.password = hookline.secrets.token;
  return address.href;
};
/** Pushes, and gives the delivery of an event of this push. */
const push = async (name: string, refspec = 'HEAD:refs/heads/main', event = 'push') => {
  const before = hookline.gitHost.deliveries().length;
  await repository.git('push', '--quiet', '--force', url(name), refspec);
  const sent = hookline.gitHost.deliveries().slice(before);
  return sent.find((delivery) => delivery.event === event)?.id ?? '';
};
const commit = (file = 'file.txt') =>
  repository.commit({
    [file]: `${Math.random()}\n`,
    'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo built] } }\n',
  });
const ruleOf = ({ input }: Ended) => z.looseObject({ rule: z.string() }).parse(input).rule;
/** What became of a delivery, by the rule that took it. */
const outcomes = async (id: string, count = 1) =>
  Object.fromEntries((await hookline.ended(id, count)).map((ended) => [ruleOf(ended), ended.outcome]));

describe('the example for tags', () => {
  it('starts the pipeline for a version tag, and for no other tag and no branch', async () => {
    const sha = await commit();
    const branch = await push('acme/tags', 'HEAD:refs/heads/vmain');
    await repository.git('tag', '-f', 'v1.0.0', sha);
    await repository.git('tag', '-f', 'nightly', sha);
    const other = await push('acme/tags', 'refs/tags/nightly');
    const version = await push('acme/tags', 'refs/tags/v1.0.0');
    expect(await outcomes(version)).toEqual({ tags: 'PipelineStarted' });
    expect(await outcomes(branch, 0)).toEqual({});
    expect(await outcomes(other, 0)).toEqual({});
  });
});

describe('the example for release branches', () => {
  it('starts the pipeline, which is told the ref, for every branch below release/ and for no other', async () => {
    await commit();
    const other = await push('acme/released', 'HEAD:refs/heads/released');
    const release = await push('acme/released', 'HEAD:refs/heads/release/2.x');
    expect(await outcomes(release)).toEqual({ 'release-branches': 'PipelineStarted' });
    expect(await outcomes(other, 0)).toEqual({});
    expect(await variablesOf(release)).toEqual([{ name: 'REF', resolvedValue: 'refs/heads/release/2.x' }]);
  });
});

async function variablesOf(id: string) {
  const [ended] = await hookline.ended(id);
  const { pipeline } = z
    .looseObject({ pipeline: z.looseObject({ name: z.string(), executionId: z.string() }) })
    .parse(ended?.output);
  const client = new CodePipelineClient(hookline.access);
  const { pipelineExecution } = await client.send(
    new GetPipelineExecutionCommand({
      pipelineName: pipeline.name,
      pipelineExecutionId: pipeline.executionId,
    }),
  );
  client.destroy();
  return pipelineExecution?.variables;
}

describe('the example for a pipeline of each repository', () => {
  it('starts the pipeline that is named after the repository, and says which is missing', async () => {
    await commit();
    const known = await push('acme-services/example');
    expect(await outcomes(known)).toEqual({ 'pipeline-per-repository': 'PipelineStarted' });
    const missing = await push('acme-services/none');
    const [ended] = await hookline.ended(missing);
    expect(ended).toMatchObject({ outcome: 'PipelineFailed', error: 'PipelineMissing' });
    expect(ended?.cause).toContain('pipeline hookline-none does not exist');
  });
});

describe('the example for pull requests', () => {
  const pullRequest = (sha: string, from: string, action = 'opened') =>
    hookline.deliver('pull_request', {
      action,
      number: 1,
      pull_request: {
        number: 1,
        head: { ref: 'topic', sha, repo: { full_name: from, fork: from !== 'acme/pulled' } },
        base: { ref: 'main' },
      },
      repository: { full_name: 'acme/pulled', default_branch: 'main' },
      sender: { login: 'mona' },
    });

  it('pulls the head of one from the repository itself', async () => {
    const sha = await commit();
    await push('acme/pulled', 'HEAD:refs/heads/topic');
    const { deliveryId } = await pullRequest(sha, 'acme/pulled');
    const [ended] = await hookline.ended(deliveryId);
    expect(ended).toMatchObject({ outcome: 'Published', output: { pull: { commit: sha } } });
  });

  it('never pulls one from a fork, or one that is closed', async () => {
    const sha = await commit();
    await push('mallory/pulled', 'HEAD:refs/heads/topic');
    const closed = await pullRequest(sha, 'acme/pulled', 'closed');
    const { deliveryId } = await pullRequest(sha, 'mallory/pulled');
    const [ended] = await hookline.ended(deliveryId);
    expect(ended).toMatchObject({ outcome: 'Ignored' });
    expect(ended?.states).not.toContain('Pull');
    expect(await outcomes(closed.deliveryId)).toEqual({ 'pull-requests': 'Ignored' });
  });
});

describe('the example for new repositories', () => {
  it('pulls the first push of the default branch, and no later branch', async () => {
    await commit();
    const first = await push('acme/new', 'HEAD:refs/heads/main', 'create');
    expect(await outcomes(first)).toEqual({ 'new-repositories': 'Published' });
    const topic = await push('acme/new', 'HEAD:refs/heads/topic', 'create');
    expect(topic).not.toBe('');
    const event = { action: 'created', repository: { full_name: 'acme/new', default_branch: 'main' } };
    const { deliveryId } = await hookline.deliver('repository', event);
    expect(await outcomes(deliveryId)).toEqual({ 'new-repositories': 'Published' });
    expect(await outcomes(topic, 0)).toEqual({});
  });

  it('ends in RefGone for one that is still empty', async () => {
    const event = { action: 'created', repository: { full_name: 'acme/new', default_branch: 'none-yet' } };
    const { deliveryId } = await hookline.deliver('repository', event);
    expect(await outcomes(deliveryId)).toEqual({ 'new-repositories': 'RefGone' });
  });
});

describe('the option', () => {
  // The example would take the creation of each repository's main, and leave the push of main Unchanged.
  beforeAll(() => hookline.switchRule('new-repositories', 'DISABLED'));

  it('paths takes a push that changes one of the files, the last pattern deciding', async () => {
    await commit('src/a.ts');
    expect(await outcomes(await push('acme/filtered'))).toEqual({ filtered: 'Published' });
    await repository.commit({ 'src/docs/a.md': `${Math.random()}` });
    expect(await outcomes(await push('acme/filtered'))).toEqual({ filtered: 'Ignored' });
    await repository.commit({ 'src/docs/a.md': `${Math.random()}`, 'src/b.ts': 'b' });
    expect(await outcomes(await push('acme/filtered'))).toEqual({ filtered: 'Published' });
  });

  it('paths has git decide a forced push, which then supersedes nothing, and takes a new branch without a change', async () => {
    await commit('src/code.ts');
    const taken = await push('acme/filtered');
    expect(await outcomes(taken)).toEqual({ filtered: 'Published' });
    const branch = await push('acme/filtered', 'HEAD:refs/heads/topic');
    expect(await outcomes(branch)).toEqual({ filtered: 'Published' });
    await repository.git('commit', '--quiet', '--amend', '-m', 'the same files by another name');
    const forced = await push('acme/filtered');
    const [ended] = await hookline.ended(forced);
    const reason = expect.stringMatching(/^no changed file matches src.* \(git diff \w{7}\.\.\w{7}\)$/);
    expect(ended).toMatchObject({
      outcome: 'Ignored',
      output: { pull: { outcome: 'filtered', reason: [reason] } },
    });
  });

  it('skip leaves out a push whose newest commit says so', async () => {
    await commit();
    await repository.git('commit', '--quiet', '--amend', '-m', 'Bump version [skip ci]');
    expect(await outcomes(await push('acme/skipping'))).toEqual({ skipping: 'Ignored' });
    await commit();
    expect(await outcomes(await push('acme/skipping'))).toEqual({ skipping: 'Published' });
  });

  it('paths-ignore leaves out a push of nothing but those files', async () => {
    await commit();
    await push('acme/ignoring');
    await repository.commit({ 'docs/b.md': `${Math.random()}` });
    expect(await outcomes(await push('acme/ignoring'))).toEqual({ ignoring: 'Ignored' });
    await repository.commit({ 'docs/b.md': `${Math.random()}`, 'c.txt': `${Math.random()}` });
    expect(await outcomes(await push('acme/ignoring'))).toEqual({ ignoring: 'Published' });
  });

  it('pull.git puts a repository into the artifact', async () => {
    await commit();
    const [ended] = await hookline.ended(await push('acme/history'));
    const { pull } = z.looseObject({ pull: z.looseObject({ key: z.string() }) }).parse(ended?.output);
    const s3 = new S3Client({ ...hookline.access, forcePathStyle: true });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: hookline.outputs.bucket, Key: pull.key }));
    const zip = Buffer.from((await Body?.transformToByteArray()) ?? []);
    s3.destroy();
    expect([...(await readZip(zip)).keys()]).toContain('.git/HEAD');
  });

  it('pipeline.variables are made of the delivery', async () => {
    const sha = await commit();
    const id = await push('acme/variables');
    expect(await outcomes(id)).toEqual({ variables: 'PipelineStarted' });
    expect(await variablesOf(id)).toEqual([
      { name: 'REF', resolvedValue: `acme/variables main ${sha} <host> main none Change 0` },
    ]);
    // What looks like a placeholder of EventBridge's is none.
    const [ended] = await hookline.ended(id);
    expect(ended?.input).toMatchObject({
      options: {
        pipeline: { variables: { REF: expect.stringContaining('{commit} <host> {payload.repository.') } },
      },
    });
  });

  it('superseded says whether a delivery that comes too late starts its pipeline', async () => {
    const old = await commit();
    await commit();
    for (const [name, outcome] of [
      ['stopped', 'Superseded'],
      ['started', 'PipelineStarted'],
    ] as const) {
      expect(await outcomes(await push(`acme/${name}`))).toEqual({ [name]: 'PipelineStarted' });
      const late = { ref: 'refs/heads/main', after: old, repository: { full_name: `acme/${name}` } };
      const { deliveryId } = await hookline.deliver('push', late);
      expect(await outcomes(deliveryId)).toEqual({ [name]: outcome });
    }
  });

  it('superseded may skip the artifact of a push that is behind, and of no other', async () => {
    // The rule has not taken the tip, which takes nobody's place.
    const old = await commit();
    const missed = await commit();
    await hookline.withoutRule('skipped', async () => void (await push('acme/skipped')));
    const late = (after: string) => ({
      ref: 'refs/heads/main',
      after,
      repository: { full_name: 'acme/skipped' },
    });
    const alone = await hookline.deliver('push', late(old));
    expect(await outcomes(alone.deliveryId)).toEqual({ skipped: 'PipelineStarted' });
    const newest = await commit();
    expect(await outcomes(await push('acme/skipped'))).toEqual({ skipped: 'PipelineStarted' });
    const behind = await hookline.deliver('push', late(missed));
    expect(await outcomes(behind.deliveryId)).toEqual({ skipped: 'Superseded' });
    const connection = await connect(hookline.outputs.stackName, hookline.access);
    const rows = () => runsOf(connection, behind.deliveryId);
    const [row] = await rows();
    expect(row).toMatchObject({
      outcome: 'Superseded',
      artifactKey: '',
      reason: `refs/heads/main had moved on to ${newest} when the build started, and the rule takes a newer push: no artifact of ${missed} was made`,
    });
    // Whoever asks for it has it: a redelivery is a replay of this delivery alone.
    if (row) await redeliver(connection, row);
    await hookline.ended(behind.deliveryId, 2);
    expect(await rows()).toContainEqual(
      expect.objectContaining({ outcome: 'Superseded', artifactKey: expect.stringContaining(missed) }),
    );
  });

  it('superseded: skip builds an older push when the newest becomes no artifact', async () => {
    const good = await commit();
    const older = await push('acme/skipped', 'HEAD:refs/heads/broken');
    // git fsck refuses a folder that is called .git, and a push does not.
    const { stdout: broken } = await execa('git', ['mktree'], {
      cwd: repository.folder,
      input: `040000 tree ${await repository.git('rev-parse', `${good}^{tree}`)}\t.git\n`,
    });
    const tip = await repository.git('commit-tree', '-p', good, '-m', 'broken', broken);
    const newest = await push('acme/skipped', `${tip}:refs/heads/broken`);
    expect(await outcomes(newest)).toEqual({ skipped: 'PullFailed' });
    expect(await outcomes(older)).toEqual({ skipped: 'PipelineStarted' });
  });

  it('superseded starts no commit that the branch does not hold, though its payload is signed', async () => {
    await commit();
    expect(await outcomes(await push('acme/started'))).toEqual({ started: 'PipelineStarted' });
    const foreign = await commit();
    const url = new URL(`${hookline.outputs.gitUrl}/acme/started.git`);
    url.username = 'test';
    url.password = hookline.secrets.token;
    await repository.git('push', '--quiet', url.href, 'HEAD:refs/changes/9');
    const forged = { ref: 'refs/heads/main', after: foreign, repository: { full_name: 'acme/started' } };
    const { deliveryId } = await hookline.deliver('push', forged);
    expect(await outcomes(deliveryId)).toEqual({ started: 'Superseded' });
  });

  it('status writes one for the commit', async () => {
    const sha = await commit();
    expect(await outcomes(await push('acme/status'))).toEqual({ status: 'Published' });
    const response = await fetch(
      `${hookline.outputs.gitUrl}/api/v3/repos/acme/status/commits/${sha}/statuses`,
      { headers: { authorization: `Bearer ${hookline.secrets.token}` } },
    );
    expect(await response.json()).toMatchObject([{ state: 'success' }, { state: 'pending' }]);
  });
});
