import type { Browser, Page, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANYBODY } from '../support/aws-cli.ts';
import { accessible, openBrowser, visit } from '../support/browser/browser.ts';
import { consoleOf, type StackConsole, startConsole } from '../support/browser/console.ts';
import { type FakeAws, STACK, startFakeAws } from '../support/fake-aws.ts';

const MILLION = 1_000_000;
// Some ten days of a million over ninety below the newest, which is more than one page of the server's reads.
const RARE = 880_000;

let browser: Browser;
let large: FakeAws;
let served: StackConsole;
beforeAll(async () => {
  [browser, large] = await Promise.all([openBrowser(), startFakeAws(MILLION, { rare: RARE })]);
  served = await startConsole({ endpoint: large.endpoint, ...ANYBODY }, STACK);
});
afterAll(async () => {
  await served?.stop();
  await browser?.close();
  await large?.close();
});

const loaded = async (page: Page): Promise<number> =>
  Number.parseInt(await page.getByRole('status').innerText(), 10);
const isNewest = (response: Response): boolean => /\/deliveries\?(?!.*cursor)/.test(response.url());
const address = (search: string) => served.url.replace('/console/', `/console/${search}`);

describe('hookline console, of a million deliveries that are known by the AWS protocol alone', () => {
  it('goes on loading as it is scrolled, with no more rows on the page than can be seen', async () => {
    const { page, leave } = await visit(browser, served.url);
    const list = page.getByRole('region', { name: 'List' });
    await page.getByRole('row').filter({ hasText: 'Rejected' }).waitFor();
    for (let rows = await loaded(page); rows < 3000; rows = await loaded(page)) {
      await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await page.waitForFunction(
        (before) => Number.parseInt(document.querySelector('.foot')?.textContent ?? '', 10) > before,
        rows,
      );
      expect(await page.getByRole('row').count()).toBeLessThan(100);
    }
    expect(await page.getByRole('status').innerText()).toMatch(/^\d+ and more$/);
    await accessible(page);
    await leave();
  });

  it('stays where it is read when others come above it', async () => {
    const { page, leave } = await visit(browser, served.url);
    const list = page.getByRole('region', { name: 'List' });
    await page.getByRole('row').filter({ hasText: 'Rejected' }).waitFor();
    // Not so far that older ones are loaded too.
    await list.evaluate((element) => element.scrollTo(0, 400));
    const read = page.getByRole('row').filter({ hasText: 'acme' }).nth(20);
    const name = await read.getByRole('link').first().getAttribute('href');
    const place = async () => (await page.locator(`a[href="${name}"]`).boundingBox())?.y;
    const [before, rows] = [await place(), await loaded(page)];
    large.arrive(5);
    await page.getByText(`${rows + 5} and more`).waitFor();
    expect(await place()).toBe(before);
    await leave();
  });

  it('looks for what matches rarely page by page, though deliveries go on coming, and keeps it', async () => {
    const { page, leave } = await visit(browser, address('?repository=rare'));
    await page.getByText('Looking for older deliveries').waitFor();
    const coming = setInterval(() => large.arrive(1), 100);
    await page.getByRole('row').filter({ hasText: 'rare/needle' }).waitFor();
    clearInterval(coming);
    large.arrive(1);
    for (const _ of ['of the newest', 'drawn since']) await page.waitForResponse(isNewest);
    expect(await page.getByRole('row').filter({ hasText: 'rare/needle' }).count()).toBe(1);
    await leave();
  });
});

it('the slow ones are found by how long they took', async () => {
  const slow = new Date(Date.now() + 90_500).toISOString();
  large.arrive(1, { repository: 'acme/slow', updatedAt: slow });
  const { page, leave } = await visit(browser, served.url);
  await page.getByLabel('took').selectOption('1 min or more');
  await page.getByText('1 and more').waitFor();
  const row = page.getByRole('row').filter({ hasText: 'acme/slow' });
  expect(await row.innerText()).toContain('1 min 30 s');
  expect(new URL(page.url()).search).toBe('?took=60');
  await leave();
});

it('a replay, which takes minutes on AWS, is followed while it runs, and cancelled', async () => {
  const { page, leave } = await visit(browser, address('replay?name=long'));
  const bar = page.getByRole('progressbar', { name: 'Events replayed' });
  await bar.waitFor();
  expect(await bar.getAttribute('value')).toBe('25');
  await page.getByText('They come as the events are on the bus.').waitFor();
  large.arrive(1, { replayName: 'long', repository: 'acme/replayed' });
  large.replays.reach(0.4);
  await page.getByText('40 %').waitFor();
  await page.getByRole('row').filter({ hasText: 'acme/replayed' }).waitFor();
  await accessible(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Cancelled').waitFor();
  expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
  expect(large.calls('AWSEvents.CancelReplay')).toEqual([{ ReplayName: 'long' }]);
  await leave();
});

it('a small list ends at its end, and an interrupt ends the command, whoever looks at its page', async () => {
  const small = await startFakeAws(30);
  const { url, stop } = await startConsole({ endpoint: small.endpoint, ...ANYBODY }, STACK);
  const { page, leave } = await visit(browser, url, { allowed: /ERR_/ });
  await page.getByText('31 in all').waitFor();
  const { exitCode, stderr } = await stop();
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  await leave();
  await small.close();
});

it('a stack that is not there is one line that says so', async () => {
  const { exitCode, stdout, stderr } = await consoleOf({ endpoint: large.endpoint, ...ANYBODY }, 'Hooklime');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/^hookline: there is no stack Hooklime in us-east-1: .*--stack.*$/);
});
