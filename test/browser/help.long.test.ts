import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessible, fits, LOOKS } from '../support/browser/browser.ts';
import { type ConsoleBench, openConsole } from '../support/browser/console.ts';

let on: ConsoleBench;
beforeAll(async () => {
  on = await openConsole();
});
afterAll(() => on?.close());

const pong = (page: Page) => page.getByRole('row').filter({ hasText: 'Pong' }).first();
const sheet = (page: Page) => page.getByRole('dialog', { name: 'How Hookline works' });
const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const HOUR_MS = 3_600_000;
/** `2026-01-31 09:00:00`, in UTC */
const timeIn = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
const WHITE = 'rgb(255, 255, 255)';

describe('the sheet of help', () => {
  for (const { look, ...visitor } of LOOKS)
    it(`opens by its button and by a key, is accessible and fits a ${look} page`, async () => {
      const { page, leave } = await on.visit('?all=true', visitor);
      await pong(page).waitFor();
      await page.getByRole('button', { name: 'Help and shortcuts' }).click();
      await sheet(page).getByText('The git host tells of every push').waitFor();
      await accessible(page);
      await fits(page);
      await page.keyboard.press('Escape');
      await sheet(page).waitFor({ state: 'hidden' });
      await page.keyboard.press('?');
      await sheet(page).waitFor();
      await sheet(page).getByRole('button', { name: 'Close' }).click();
      await leave();
    });

  it('is pointed at until it was opened once', async () => {
    const { page, leave } = await on.visit('?all=true', { fresh: true });
    await page.locator('.top-buttons .new').waitFor();
    await page.getByRole('button', { name: 'Help and shortcuts' }).click();
    await page.keyboard.press('Escape');
    await page.reload();
    await pong(page).waitFor();
    expect(await page.locator('.top-buttons .new').count()).toBe(0);
    await leave();
  });
});

describe('the look', () => {
  it('is that of the system, and light or dark by choice, which the browser keeps', async () => {
    const { page, leave } = await on.visit('?all=true', { fresh: true });
    await pong(page).waitFor();
    expect(await ground(page)).toBe(WHITE);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await ground(page)).not.toBe(WHITE);
    await page.getByRole('button', { name: 'Look: system' }).click();
    await page.getByRole('button', { name: 'Look: light' }).waitFor();
    expect(await ground(page)).toBe(WHITE);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.keyboard.press('?');
    await sheet(page).getByLabel('Dark', { exact: true }).check();
    await page.reload();
    await pong(page).waitFor();
    expect(await ground(page)).not.toBe(WHITE);
    await leave();
  });
});

describe('the clock', () => {
  it("is that of the reader's zone, or UTC on demand, of every time on the page", async () => {
    const { page, leave } = await on.visit('?all=true', { zone: 'Asia/Tokyo' });
    const time = pong(page).getByRole('cell').and(page.locator('time'));
    await time.waitFor();
    const at = Date.parse((await time.getAttribute('datetime')) ?? '');
    expect(await time.innerText()).toBe(timeIn(at + 9 * HOUR_MS));
    expect(await time.getAttribute('title')).toMatch(/^\S+ \S+ UTC\+09:00, (just now|\d+ min ago)$/);
    await page.getByRole('button', { name: 'Times are in UTC+09:00' }).click();
    await page.getByRole('button', { name: 'Times are in UTC:' }).waitFor();
    expect(await time.innerText()).toBe(timeIn(at));
    await pong(page).getByRole('link').first().click();
    await page.locator('.fact-received').getByText(timeIn(at)).waitFor();
    await page.getByRole('list', { name: 'The path taken' }).getByText('Validate').click();
    await page.getByRole('tab', { name: 'Logs' }).click();
    const line = page.locator('.log time').first();
    const logged = Date.parse((await line.getAttribute('datetime')) ?? '');
    expect(await line.innerText()).toBe(new Date(logged).toISOString().slice(11, 23));
    await leave();
  });
});

describe('the shortcuts', () => {
  it('go from page to page, to the filters and from row to row', async () => {
    const { page, leave } = await on.visit('?all=true');
    await pong(page).waitFor();
    await page.keyboard.press('j');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('cover');
    await page.keyboard.press('/');
    await page.keyboard.type('goj');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Without goj' }).waitFor();
    await page.getByRole('heading', { name: 'No delivery matches' }).waitFor();
    await page.getByRole('heading', { name: 'No delivery matches' }).click();
    for (const [key, heading] of [
      ['o', 'Overview'],
      ['r', 'Replay'],
      ['l', 'Rules'],
      ['p', 'Pipelines'],
    ] as const) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    }
    await page.keyboard.press('u');
    await page.getByRole('heading', { name: 'No delivery matches' }).waitFor();
    expect(new URL(page.url()).search).toContain('repository=goj');
    await leave();
  });

  it('are switched off by whoever wants none', async () => {
    const { page, leave } = await on.visit('?all=true', { fresh: true });
    await pong(page).waitFor();
    await page.keyboard.press('?');
    await sheet(page).getByLabel('Obey shortcuts').uncheck();
    await page.keyboard.press('Escape');
    for (const key of ['g', 'o', 't']) await page.keyboard.press(key);
    await page.getByRole('button', { name: 'Look: system' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/');
    await leave();
  });
});
