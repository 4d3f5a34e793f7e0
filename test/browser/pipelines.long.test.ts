import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessible, fits, LOOKS } from '../support/browser/browser.ts';
import { type ConsoleBench, openConsole } from '../support/browser/console.ts';
import { createRepository } from '../support/repository.ts';

const PREVIEW = `match: { event: [pull_request], payload: { repository: { full_name: [acme/app] } } }
pipeline: { template: hookline-example, each: pull-request }`;

let on: ConsoleBench;
beforeAll(async () => {
  on = await openConsole({ rules: { preview: PREVIEW } });
});
afterAll(async () => {
  await on?.close();
});

async function openRequest(): Promise<void> {
  const { outputs, secrets, gitHost, ended } = on.hookline;
  const url = Object.assign(new URL(`${outputs.gitUrl}/acme/app.git`), {
    username: 'acme',
    password: secrets.token,
  }).href;
  const work = await createRepository();
  await work.commit({ 'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo] } }\n' });
  await work.git('push', '--quiet', url, 'HEAD:refs/heads/main');
  await work.commit({ 'new.txt': 'new' });
  await work.git('push', '--quiet', url, 'HEAD:refs/for/main/topic');
  await work.remove();
  await ended(gitHost.deliveries().find(({ event }) => event === 'pull_request')?.id ?? '');
}

it("a request's pipeline appears with its result, and leads to the request's deliveries", async () => {
  const { page, leave } = await on.visit('pipelines');
  await page.getByText('No branch and no pull request has a pipeline now.').waitFor();
  await openRequest();
  const row = page.getByRole('row').filter({ hasText: 'hookline-example-pr-1-' });
  await row.getByRole('img', { name: 'pipeline succeeded' }).waitFor();
  await page.getByText('has 1 of the 25 pipelines that the rule preview allows').waitFor();
  await accessible(page);
  await row.getByRole('link', { name: '#1 topic' }).click();
  await page.getByRole('cell', { name: 'Pipeline started' }).waitFor();
  expect(new URL(page.url()).searchParams.get('ref')).toBe('refs/heads/topic');
  await leave();
});

it.each(LOOKS)('the page fits, $look', async ({ viewport }) => {
  const { page, leave } = await on.visit('pipelines', { viewport });
  await page.getByText('hookline-example-pr-1-').waitFor();
  await fits(page);
  await accessible(page);
  await leave();
});
