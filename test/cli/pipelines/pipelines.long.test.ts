import { CodePipelineClient, CreatePipelineCommand, GetPipelineCommand } from '@aws-sdk/client-codepipeline';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type PipelineTags, tagsOf } from '../../../events/pipeline-tags.ts';
import type { OwnPipelines } from '../../../operate/pipelines/pipelines.ts';
import { type Commanded, startCommand } from '../../support/cli/command.ts';
import { consoleApi } from '../../support/console-api.ts';
import { createRepository, type Repository } from '../../support/repository.ts';

const RULES: Readonly<Record<string, string>> = {
  branches:
    'match: { event: [push], payload: { repository: { full_name: [acme/app] } } }\npipeline: { template: hookline-example, each: branch, limit: 7, idle-days: 3 }',
  requests:
    'match: { event: [pull_request], payload: { repository: { full_name: [acme/app] } } }\npipeline: { template: hookline-example, each: pull-request, idle-days: never }',
};

let on: Commanded;
let work: Repository;
let codepipeline: CodePipelineClient;
beforeAll(async () => {
  [on, work] = await Promise.all([startCommand({ rules: RULES }), createRepository()]);
  codepipeline = new CodePipelineClient(on.hookline.access);
});
afterAll(async () => {
  codepipeline?.destroy();
  await work?.remove();
  await on?.remove();
});

async function push(refspec: string, event: string) {
  const { gitHost, outputs, secrets, ended } = on.hookline;
  const before = gitHost.deliveries().length;
  const url = new URL(`${outputs.gitUrl}/acme/app.git`);
  Object.assign(url, { username: 'acme', password: secrets.token });
  await work.git('push', '--quiet', url.href, refspec);
  const sent = () => gitHost.deliveries().slice(before);
  await vi.waitFor(() => expect(sent().map((each) => each.event)).toContain(event));
  return (await ended(sent().find((each) => each.event === event)?.id ?? ''))[0]?.outcome;
}

/** A pipeline as a Hookline would have made it. */
async function makePipeline(name: string, tags: Partial<PipelineTags>): Promise<void> {
  const { pipeline } = await codepipeline.send(new GetPipelineCommand({ name: 'hookline-example' }));
  const all = {
    ...{ owner: 'hookline', rule: 'branches', host: 'localhost', repository: 'acme/app', pullRequest: '' },
    ...{ ref: 'refs/heads/x', template: 'a', execution: 'b', ...tags },
  };
  await codepipeline.send(
    new CreatePipelineCommand({ pipeline: pipeline && { ...pipeline, name }, tags: tagsOf(all) }),
  );
}

const list = async (): Promise<OwnPipelines> => JSON.parse(JSON.stringify(await on.json('pipelines')));
const build = { 'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo built] } }\n' };

it('lists the pipelines of branches and requests, their last result, and when each goes', async () => {
  const nothing = await on.run(['pipelines']);
  expect(nothing.stdout).toContain('No branch and no pull request has a pipeline');
  expect(nothing.stdout).toContain('hookline-example: 0 of the 7 that rule branches allows');

  await work.commit(build);
  expect(await push('HEAD:refs/heads/feature/login', 'push')).toBe('PipelineStarted');
  await push('HEAD:refs/heads/main', 'push');
  await work.commit({ 'new.txt': 'new' });
  expect(await push('HEAD:refs/for/main/topic', 'pull_request')).toBe('PipelineStarted');

  const branch = expect.stringMatching(/^hookline-example-feature-login-[0-9a-f]{6}$/);
  await vi.waitFor(async () =>
    expect((await list()).pipelines.map(({ status }) => status)).toEqual(
      (await list()).pipelines.map(() => 'Succeeded'),
    ),
  );
  const { pipelines, templates } = await list();
  const { rule, limit } = { rule: 'branches', limit: 7 };
  const ofBranch = { rule, limit, repository: 'acme/app', template: 'hookline-example', idleDays: 3 };
  expect(pipelines).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ ...ofBranch, name: branch, ref: 'refs/heads/feature/login' }),
      expect.objectContaining({
        ...{ name: expect.stringMatching(/-pr-1-[0-9a-f]{6}$/), rule: 'requests', pullRequest: 1 },
        ...{ ref: 'refs/heads/topic', idleDays: 'never', limit: 25 },
      }),
    ]),
  );
  const login = pipelines.find(({ ref }) => ref === 'refs/heads/feature/login');
  const goes = Date.parse(login?.goesAt ?? '') - Date.parse(login?.lastRunAt ?? '');
  expect(goes).toBe(3 * 86_400_000);
  expect(pipelines.find(({ pullRequest }) => pullRequest === 1)).not.toHaveProperty('goesAt');
  expect(templates).toContainEqual({
    ...{ template: 'hookline-example', rule, limit },
    pipelines: pipelines.length,
  });

  const { stdout } = await on.run(['pipelines']);
  expect(stdout).toMatch(/-pr-1-[0-9a-f]{6} +acme\/app +#1 topic +succeeded +[-\d]+ [\d:]+ +never$/m);
  expect(await (await consoleApi(on.hookline).get('pipelines')).json()).toEqual(await list());
});

it('leaves out what other Hooklines and people have made, and names what no rule makes any more', async () => {
  await makePipeline('hookline-example-theirs-abcdef', { owner: 'hookline-two' });
  await makePipeline('hookline-example-left-fedcba', { rule: 'removed' });
  const { pipelines } = await list();
  const names = pipelines.map(({ name }) => name);
  expect(names).not.toContain('hookline-example-theirs-abcdef');
  const left = pipelines.find(({ name }) => name === 'hookline-example-left-fedcba');
  expect(left).toMatchObject({ rule: 'removed' });
  expect(left).not.toHaveProperty('limit');
  const { stdout } = await on.run(['pipelines']);
  expect(stdout).toMatch(/hookline-example-left-fedcba.*never: no rule makes it, delete it$/m);
});

it('leaves out the pipeline of a branch that is deleted', async () => {
  expect(await push(':refs/heads/feature/login', 'push')).toBe('PipelineDeleted');
  expect((await list()).pipelines.map(({ ref }) => ref)).not.toContain('refs/heads/feature/login');
});
