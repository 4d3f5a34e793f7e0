import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CodePipelineClient,
  CreatePipelineCommand,
  GetPipelineCommand,
  ListPipelinesCommand,
} from '@aws-sdk/client-codepipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const EXAMPLES = 'events/examples';
const page = await readFile('docs/git-flow.md', 'utf8');

/** The rows of the page's table: a ref, what happens to it, what runs, and the outcome. */
const rows = page
  .split('\n')
  .filter((line) => /^\| `/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  .map(([what = '', event = '', runs = '', outcome = '']) => ({
    ref: `refs/${/^`v|a tag/.test(what) ? 'tags' : 'heads'}/${/`([^`]+)`/.exec(what)?.[1]}`,
    event,
    runs,
    outcome: /`(\w+)`/.exec(outcome)?.[1],
  }));

let hookline: Hookline;
let repository: Repository;
let rules: string;
let codepipeline: CodePipelineClient;

beforeAll(async () => {
  rules = await mkdtemp(join(tmpdir(), 'hookline-rules-'));
  for (const name of (await readdir(EXAMPLES)).filter((each) => each.startsWith('git-flow-'))) {
    const text = await readFile(join(EXAMPLES, name), 'utf8');
    // The example pipeline stands for the template, whose roles are of this stack.
    const own = text
      .replace('template: acme-preview', 'template: hookline-example')
      .replace(/\n {2}role: .*/, '');
    await writeFile(join(rules, name), own);
  }
  [hookline, repository] = await Promise.all([startHookline(undefined, { rules }), createRepository()]);
  codepipeline = new CodePipelineClient(hookline.access);
  const { pipeline } = await codepipeline.send(new GetPipelineCommand({ name: 'hookline-example' }));
  for (const name of ['acme-production', 'acme-staging', 'acme-release', 'acme-teardown'])
    await codepipeline.send(new CreatePipelineCommand({ pipeline: pipeline && { ...pipeline, name } }));
});
afterAll(async () => {
  codepipeline?.destroy();
  await repository?.remove();
  await hookline?.remove();
  await rm(rules, { recursive: true, force: true });
});

/** Does what a row says. @returns the ended execution; undefined when no rule has taken the push */
async function happens({ ref, event, outcome }: (typeof rows)[number]) {
  const isGone = event.includes('deleted');
  if (!isGone)
    await repository.commit({
      'file.txt': `${Math.random()}\n`,
      'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo built] } }\n',
    });
  const before = hookline.gitHost.deliveries().length;
  const url = new URL(`${hookline.outputs.gitUrl}/acme/app.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', '--force', url.href, `${isGone ? '' : 'HEAD'}:${ref}`);
  const sent = hookline.gitHost.deliveries().slice(before);
  const id = sent.find((delivery) => delivery.event === 'push')?.id ?? '';
  return (await hookline.ended(id, outcome === undefined ? 0 : 1))[0];
}
const startedSchema = z.looseObject({ pipeline: z.looseObject({ name: z.string() }) });
const copies = async (): Promise<string[]> =>
  ((await codepipeline.send(new ListPipelinesCommand({}))).pipelines ?? [])
    .map(({ name }) => name ?? '')
    .filter((name) => /^hookline-example-.*-[0-9a-f]{6}$/.test(name));

describe('the table of docs/git-flow.md', () => {
  it('has a row for each branch and tag of git flow', () => {
    const kinds = ['develop', 'feature', 'release', 'hotfix', 'main', 'v1'];
    for (const kind of kinds) expect(rows.map(({ ref }) => ref).join(' ')).toContain(`/${kind}`);
  });

  it.each(rows)('$ref, $event: $runs', async (row) => {
    const ended = await happens(row);
    expect(ended?.outcome).toBe(row.outcome);
    const { data } = startedSchema.safeParse(ended?.output);
    const slug = row.ref.replace(/^refs\/\w+\//, '').replaceAll(/[^a-z0-9]+/g, '-');
    const named = /`(acme-[a-z]+)`/.exec(row.runs)?.[1];
    if (named) expect(data?.pipeline.name).toBe(named);
    else if (/acme-preview|pipeline/.test(row.runs))
      expect(data?.pipeline.name).toMatch(new RegExp(`^hookline-example-${slug}-[0-9a-f]{6}$`));
    else expect(data).toBeUndefined();
    const own = (await copies()).filter((name) => name.includes(`-${slug}-`));
    expect(own).toHaveLength(row.runs.includes('made') || row.runs === 'the same pipeline' ? 1 : 0);
    // A teardown is two runs and the waits between the looks at them.
  });
});
