import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessible, fits, LOOKS } from '../support/browser/browser.ts';
import { type ConsoleBench, openConsole } from '../support/browser/console.ts';
import { createRepository, type Repository } from '../support/repository.ts';

let on: ConsoleBench;
let repository: Repository;
let commit: string;

const push = (...refs: readonly string[]): Promise<void> => pushTo('hookline/demo', ...refs);
const pushTo = async (name: string, ...refs: readonly string[]): Promise<void> => {
  const { outputs, secrets } = on.hookline;
  const url = new URL(`${outputs.gitUrl}/${name}.git`);
  url.username = 'test';
  url.password = secrets.token;
  await repository.git('push', '--quiet', '--force', url.href, ...refs.map((ref) => `HEAD:${ref}`));
};
const buildspec = (command: string) => ({
  'buildspec.yml': `version: 0.2\nphases: { build: { commands: [${command}] } }\n`,
});

beforeAll(async () => {
  [on, repository] = await Promise.all([openConsole(), createRepository()]);
  commit = await repository.commit(buildspec('echo built'));
  await push('refs/heads/main', 'refs/tags/v1');
});
afterAll(async () => {
  await on?.close();
  await repository?.remove();
});

const ADDRESS = 'repositories/localhost/hookline/demo';

describe('the page of a repository', () => {
  it('is a click from a row, from a delivery and from the overview', async () => {
    const { page, leave } = await on.visit();
    const heading = page.getByRole('heading', { level: 1, name: 'hookline/demo on localhost' });
    await page.getByRole('link', { name: 'The repository hookline/demo' }).first().click();
    await heading.waitFor();
    expect(new URL(page.url()).pathname).toBe(`/console/${ADDRESS}`);
    await page.getByRole('table', { name: 'Last deliveries' }).getByRole('link').first().click();
    await page.getByRole('heading', { level: 1 }).getByRole('link', { name: 'hookline/demo' }).click();
    await heading.waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('region', { name: 'By repository' }).getByRole('link').first().click();
    await heading.waitFor();
    await leave();
  });

  it('says what each ref points to and what its pipeline came to, as it changes', async () => {
    const { page, leave } = await on.visit(ADDRESS);
    const main = page.getByRole('region', { name: 'Refs' }).getByRole('row').filter({ hasText: 'main' });
    await main.getByRole('img', { name: 'pipeline succeeded' }).waitFor();
    await main.getByText(commit.slice(0, 7)).waitFor();
    await page.getByRole('row').filter({ hasText: 'tag v1' }).first().waitFor();
    const next = await repository.commit(buildspec('exit 1'));
    await push('refs/heads/main');
    await main.getByText(next.slice(0, 7)).waitFor();
    await main.getByRole('img', { name: 'pipeline failed' }).waitFor();
    const last = page.getByRole('region', { name: 'Last deliveries' });
    await last.getByText(next.slice(0, 7)).waitFor();
    await last.getByRole('link', { name: 'all of them in the list' }).click();
    await page.getByText('in all').waitFor();
    expect(new URL(page.url()).search).toBe('?repository=hookline%2Fdemo&all=true');
    await leave();
  });

  it('moves nothing when the first refs come', async () => {
    const starred = { action: 'started', repository: { full_name: 'hookline/demo2' } };
    await on.hookline.deliver('watch', starred);
    const { page, leave } = await on.visit('repositories/localhost/hookline/demo2');
    await page.getByText('None is published yet').waitFor();
    await pushTo('hookline/demo2', 'refs/heads/main', 'refs/tags/v1', 'refs/tags/v2');
    await page.getByRole('row').filter({ hasText: 'tag v2' }).first().waitFor();
    await leave();
  });

  it('says what to do about a repository of which nothing is known', async () => {
    const { page, leave } = await on.visit('repositories/github.com/acme/nothing');
    await page.getByRole('heading', { name: 'Nothing is known of this repository' }).waitFor();
    await page.getByText('hookline hooks create acme/nothing').waitFor();
    await accessible(page);
    await leave();
  });

  for (const { look, ...visitor } of LOOKS)
    it(`is accessible and fits a ${look} page`, async () => {
      const { page, leave } = await on.visit(ADDRESS, visitor);
      await page.getByRole('row').filter({ hasText: 'tag v1' }).first().waitFor();
      await accessible(page);
      await fits(page);
      await leave();
    });
});
