import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessible, fits, LOOKS, NARROW } from '../support/browser/browser.ts';
import { type ConsoleBench, openConsole } from '../support/browser/console.ts';

let on: ConsoleBench;
const sent: string[] = [];
beforeAll(async () => {
  on = await openConsole();
  for (let count = 0; count < 3; count += 1) {
    const payload = { count, repository: { full_name: 'hookline/demo' } };
    // Its first eight characters, which a command prints, may be those of a commit.
    const deliveryId = `ab${count}0ab12-0000-4000-8000-000000000000`;
    sent.push((await on.hookline.deliver('fork', payload, { deliveryId })).deliveryId);
  }
  await on.hookline.ended('"event":"fork"', 3);
});
afterAll(() => on?.close());

const FORKS = '?event=fork&all=true';

describe('a filter that is saved', () => {
  it('is there again by its name, in every tab and after a reload, until it is forgotten', async () => {
    const { page, leave } = await on.visit(FORKS, { fresh: true });
    await page.getByText('3 in all').waitFor();
    await page.getByRole('button', { name: 'Save…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save the filter' });
    expect(await dialog.getByLabel('Name').inputValue()).toBe('fork all');
    await accessible(page);
    await dialog.getByLabel('Name').fill('All forks');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('heading', { name: 'Nothing that needs attention' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'All forks' }).click();
    await page.getByText('3 in all').waitFor();
    expect(new URL(page.url()).search).toBe(FORKS);
    await accessible(page);
    await page.getByRole('button', { name: 'Forget the filter All forks' }).click();
    await page.reload();
    await page.getByText('3 in all').waitFor();
    expect(await page.getByRole('link', { name: 'All forks' }).count()).toBe(0);
    await leave();
  });
});

describe('an export', () => {
  const exported = async (page: Page, format: string): Promise<string> => {
    const coming = page.waitForEvent('download');
    await page.getByRole('dialog', { name: 'Export' }).getByRole('button', { name: format }).click();
    return readFile(await (await coming).path(), 'utf8');
  };

  it('has all that the filters show, as JSON lines and as CSV', async () => {
    const { page, leave } = await on.visit(FORKS);
    await page.getByText('3 in all').waitFor();
    await page.getByRole('button', { name: 'Export…' }).click();
    await accessible(page);
    const lines = (await exported(page, 'JSON lines')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).deliveryId).toSorted()).toEqual(sent.toSorted());
    const [head, ...rows] = (await exported(page, 'CSV')).trimEnd().split('\n');
    expect(head).toMatch(/^id,executionArn,rule,/);
    expect(rows).toHaveLength(3);
    await page.getByText("are in the browser's downloads").waitFor();
    await leave();
  });

  it('says why there is none', async () => {
    const { page, leave } = await on.visit(FORKS, { allowed: /ERR_|Failed to load/ });
    await page.getByText('3 in all').waitFor();
    await page.route('**/api/export*', (route) => route.abort());
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('button', { name: 'CSV' }).click();
    await page.getByText('hookline does not answer').waitFor();
    await leave();
  });
});

describe('the search box', () => {
  it('takes words for filters, which stand beside it until they are taken away', async () => {
    const { page, leave } = await on.visit('?all=true');
    const box = page.getByRole('searchbox', { name: 'Search' });
    await box.fill('demo event:fork 1h');
    await box.press('Enter');
    await page.getByText('3 in all').waitFor();
    expect(new URL(page.url()).search).toBe('?all=true&repository=demo&event=fork&since=1h');
    expect(await box.inputValue()).toBe('');
    const chips = page.getByRole('list', { name: 'Filters that are set' });
    expect(await chips.getByRole('listitem').allTextContents()).toEqual([
      'repository: demo',
      'event: fork',
      'time: the last hour',
    ]);
    await accessible(page);
    await chips.getByRole('button', { name: 'Without demo' }).click();
    await chips.getByText('demo').waitFor({ state: 'detached' });
    await box.fill(`id:${sent[0]?.slice(0, 13)}`);
    await box.press('Enter');
    await page.getByText('1 in all').waitFor();
    await leave();
  });

  it('finds a delivery by what a command prints of its id, though a commit may begin so', async () => {
    const { page, leave } = await on.visit('?all=true');
    const box = page.getByRole('searchbox', { name: 'Search' });
    await box.fill('ab10ab12');
    await box.press('Enter');
    await page.getByRole('button', { name: 'Look for the delivery ab10ab12' }).click();
    await page.getByText('1 in all').waitFor();
    expect(new URL(page.url()).search).toBe('?all=true&deliveryId=ab10ab12');
    await leave();
  });
});

describe('the filters', () => {
  it('fold on a narrow page, where the button says how many are set', async () => {
    const { page, leave } = await on.visit(FORKS, { viewport: NARROW });
    await page.getByText('3 in all').waitFor();
    expect(await page.getByLabel('event').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Filters (1)' }).click();
    await page.getByLabel('event').fill('none');
    await page.getByRole('heading', { name: 'No delivery matches' }).waitFor();
    await leave();
  });

  for (const { look, ...visitor } of LOOKS)
    it(`fit a ${look} page`, async () => {
      const { page, leave } = await on.visit(FORKS, visitor);
      await page.getByText('3 in all').waitFor();
      await fits(page);
      await leave();
    });
});
