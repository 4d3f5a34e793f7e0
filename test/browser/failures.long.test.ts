import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accessible, openBrowser, visit } from '../support/browser/browser.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const MOST_CLICKS = 3;

const matching = (name: string, ref = 'refs/heads/main'): string =>
  `match: { event: [push], payload: { ref: [${ref}], repository: { full_name: [acme/${name}] } } }`;

const RULES = {
  site: matching('site'),
  ghost: matching('ghost'),
  api: `${matching('api')}\npipeline: nobodys`,
  docs: matching('docs', 'refs/heads/mian'),
};

let hookline: Hookline;
let browser: Browser;
let repository: Repository;
let commit: string;
// Of those that come to an execution.
const ids: Record<string, string> = {};
const write = (name: string, text: string) =>
  writeFile(join(hookline.data, 'rules', `${name}.yaml`), `description: ${name}\n${text}\n`);

beforeAll(async () => {
  [hookline, browser, repository] = await Promise.all([
    startHookline(undefined, { rules: RULES }),
    openBrowser(),
    createRepository(),
  ]);
  commit = await repository.commit({ 'a.txt': 'a\n' });
  await push('site');
  ids.api = await push('api');
  await push('docs');
  ids.ghost = (await deliver('ghost')).deliveryId;
  ids.gone = (await deliver('site', '1'.repeat(40))).deliveryId;
  const forged = { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } };
  ids.forged = (await hookline.deliver('push', pushed('site'), forged)).deliveryId;
  for (const id of Object.values(ids)) await hookline.ended(id);
});
afterAll(async () => {
  await browser?.close();
  await hookline?.remove();
  await repository?.remove();
});

/** @returns the delivery's id; the host tells of a push after the push has ended */
async function push(name: string): Promise<string> {
  const before = pushes().length;
  const url = new URL(`${hookline.outputs.gitUrl}/acme/${name}.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
  return vi.waitFor(() => {
    const id = pushes()[before]?.id;
    return id ?? expect.fail(`the host has told of no push to ${name}`);
  });
}
const pushes = () => hookline.gitHost.deliveries().filter(({ event }) => event === 'push');

const pushed = (name: string, after = commit) => ({
  ref: 'refs/heads/main',
  after,
  repository: { full_name: `acme/${name}` },
});
const deliver = (name: string, after?: string) => hookline.deliver('push', pushed(name, after));

/** The list, and clicks on it and what follows that are counted. */
async function open(search = '') {
  const url = (hookline.outputs.consoleUrl ?? '').replace('/console/', `/console/${search}`);
  const { page, leave } = await visit(browser, url);
  let clicks = 0;
  const click = async (target: Locator): Promise<void> => {
    clicks += 1;
    await target.click();
  };
  return { page, leave, click, clicks: () => clicks };
}

/** Waits for a delivery's second run. */
async function published(page: Page, id = ''): Promise<void> {
  await page.getByText('redeliver-').first().waitFor();
  await hookline.ended(id, 2);
  await page.getByRole('status').getByText('Published', { exact: true }).first().waitFor();
}

const row = (page: Page, text: string): Locator =>
  page.getByRole('row').filter({ hasText: text }).getByRole('link').first();

/** Waits until the watched rules are in force again. */
async function afterChange(change: () => Promise<void>): Promise<void> {
  const before = inForce();
  await change();
  await vi.waitFor(() => expect(inForce()).toBeGreaterThan(before));
}
const inForce = (): number => hookline.said.filter((text) => text.includes('rules in force')).length;

describe('from the list to a run that ends well', () => {
  it('takes two clicks where a pipeline was missing', async () => {
    const { page, leave, click, clicks } = await open('?outcome=failed');
    await page.getByRole('cell', { name: 'PipelineMissing' }).waitFor();
    await click(row(page, 'acme/api'));
    await page.locator('.error-lines').getByText('pipeline nobodys does not exist').waitFor();
    await page.getByText('What to do: make the pipeline, or name another in the rule').waitFor();
    await afterChange(() => write('api', matching('api')));
    await click(page.getByRole('button', { name: 'Redeliver', exact: true }));
    await published(page, ids.api);
    expect(clicks()).toBeLessThanOrEqual(MOST_CLICKS);
    await leave();
  });

  it('takes two clicks where a repository was missing', async () => {
    const { page, leave, click, clicks } = await open('?outcome=failed');
    await page.getByRole('cell', { name: 'RepositoryMissing' }).waitFor();
    await click(row(page, 'acme/ghost'));
    await page.locator('.error-lines').getByText('/git/acme/ghost.git was not found').waitFor();
    await page.getByText('What to do: give Hookline a token of localhost').waitFor();
    // The build and the address of its log are behind a fold.
    expect(await page.getByText('console.aws.amazon.com').first().isVisible()).toBe(false);
    await push('ghost');
    await click(page.getByRole('button', { name: 'Redeliver', exact: true }));
    await published(page, ids.ghost);
    expect(clicks()).toBeLessThanOrEqual(MOST_CLICKS);
    await leave();
  });

  it('takes three clicks where a rule was wrong, and nobody took the delivery', async () => {
    const { page, leave, click, clicks } = await open('?outcome=Unmatched&event=push');
    await click(row(page, 'acme/docs'));
    await page.getByRole('heading', { name: 'docs does not match' }).waitFor();
    await page.getByText('widen the rule docs, which is for the repository').waitFor();
    // Its address has the dots of a time, and leads there again all the same.
    await page.reload();
    await page.getByRole('heading', { name: 'docs does not match' }).waitFor();
    await accessible(page);
    await afterChange(() => write('docs', matching('docs')));
    const replay = page.getByRole('link', { name: 'Replay it through docs' });
    await replay.waitFor();
    // What somebody reads stands as it was, until the reader asks.
    await page.getByRole('heading', { name: 'docs does not match' }).waitFor();
    await page.getByRole('button', { name: 'Show the rules as they are now' }).waitFor();
    await accessible(page);
    await click(replay);
    const dialog = page.getByRole('dialog', { name: 'Start the replay' });
    await dialog.getByText('1 by docs').waitFor();
    await accessible(page);
    await click(dialog.getByRole('button', { name: 'Replay' }));
    await page.getByRole('row').filter({ hasText: 'acme/docs' }).getByText('Published').waitFor();
    expect(clicks()).toBeLessThanOrEqual(MOST_CLICKS);
    await leave();
  });

  it('takes one click to read that nothing here helps: a commit that is gone, a wrong secret', async () => {
    const { page, leave } = await open();
    await row(page, '1111111').click();
    await page.locator('.error-lines').getByText('push it to have it built').waitFor();
    await page.getByRole('link', { name: '← Deliveries' }).click();
    await row(page, 'Rejected').click();
    await page
      .locator('.error-lines')
      .getByText('no webhook secret of localhost made this signature')
      .waitFor();
    await page.getByText('where Hookline has the wrong secret').waitFor();
    await page.getByRole('button', { name: 'Redeliver', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'It would end as before' });
    await dialog.getByText('no webhook secret that Hookline has for localhost makes its signature').waitFor();
    await accessible(page);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    await leave();
  });
});
