import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessible, fits, LOOKS } from '../support/browser/browser.ts';
import { type ConsoleBench, openConsole } from '../support/browser/console.ts';

const ping = { zen: 'Approachable is better than simple.', hook_id: 1 };

let on: ConsoleBench;
beforeAll(async () => {
  on = await openConsole();
  const { deliveryId } = await on.hookline.deliver('ping', ping);
  await on.hookline.ended(deliveryId);
  await on.hookline.ended('"event":"ping"', 2);
});
afterAll(() => on?.close());

const start = (page: Page) => page.getByRole('slider', { name: 'Start of the span' });
const end = (page: Page) => page.getByRole('slider', { name: 'End of the span' });
const textOf = (page: Page, of: 'From' | 'To') => page.getByLabel(of, { exact: true }).inputValue();
const shown = async (slider: ReturnType<typeof start>) => (await slider.getAttribute('aria-valuetext')) ?? '';

const ready = (page: Page) => page.getByText(/2 deliveries on record in this time/).waitFor();

describe('choosing a span', () => {
  it('begins with what the archive holds, and says what the bars are made of', async () => {
    const { page, leave } = await on.visit('replay');
    await ready(page);
    expect(await page.getByRole('button', { name: 'Last hour' }).getAttribute('aria-pressed')).toBe('true');
    expect(await page.locator('.facts').innerText()).toMatch(/Events\s+2\s[\s\S]*90 days/);
    await page.getByText('An archive cannot be read, so the bars count the deliveries on record').waitFor();
    await page.getByRole('img', { name: /^Deliveries from .*, the most about .*: [12]$/ }).waitFor();
    await leave();
  });

  it('is done by keys, by fields and by a pointer, which stay in step', async () => {
    const { page, leave } = await on.visit('replay');
    await ready(page);
    const from = await shown(start(page));
    await start(page).press('ArrowRight');
    // An hour has 60 bars.
    expect(Date.parse(await shown(start(page))) - Date.parse(from)).toBe(60_000);
    await expect.poll(() => textOf(page, 'From')).toBe(await shown(start(page)));
    const to = await shown(end(page));
    await end(page).press('PageDown');
    await expect.poll(() => shown(end(page))).not.toBe(to);
    await expect.poll(() => textOf(page, 'To')).toBe(await shown(end(page)));
    await start(page).press('End');
    expect(Date.parse(await shown(end(page))) - Date.parse(await shown(start(page)))).toBe(60_000);
    await start(page).press('Home');
    expect(await shown(start(page))).toBe(from);

    await page.getByLabel('From', { exact: true }).fill('2020-01-31T09:00:00');
    expect(await shown(start(page))).toBe('2020-01-31 09:00:00');
    await page.getByLabel('To', { exact: true }).fill('2019-01-31T09:00:00');
    await page.getByText('The span would end before it begins.').waitFor();

    await page.getByRole('button', { name: 'Last day' }).click();
    const box = await page.locator('.brush-track').boundingBox();
    if (!box) throw new Error('the brush is not on the page');
    const [left, middle] = [box.x + box.width / 4, box.y + box.height / 3];
    await page.mouse.move(left, middle);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, middle, { steps: 4 });
    await page.mouse.up();
    const hours = (Date.parse(await shown(end(page))) - Date.parse(await shown(start(page)))) / 3_600_000;
    expect(hours).toBeCloseTo(6);
    expect(await textOf(page, 'From')).toBe(await shown(start(page)));
    // The end alone follows its handle.
    const handle = await end(page).boundingBox();
    if (!handle) throw new Error('the handle is not on the page');
    await page.mouse.move(handle.x + handle.width / 2, middle);
    await page.mouse.down();
    await page.mouse.move(box.x + (box.width * 3) / 4, middle, { steps: 4 });
    await page.mouse.up();
    expect(
      (Date.parse(await shown(end(page))) - Date.parse(await shown(start(page)))) / 3_600_000,
    ).toBeCloseTo(12);
    await leave();
  });

  it('says so when nothing is on record in it', async () => {
    const { page, leave } = await on.visit('replay');
    await ready(page);
    await page.getByLabel('From', { exact: true }).fill('2020-01-31T09:00:00');
    await page.getByLabel('To', { exact: true }).fill('2020-01-31T10:00:00');
    await page.getByRole('button', { name: 'See how many events match' }).click();
    await page.getByText('0 deliveries on record in that span').waitFor();
    await leave();
  });
});

describe('a replay', () => {
  it('is foreseen, started, followed to its executions, and shown again by its address', async () => {
    const { page, leave } = await on.visit('replay');
    await ready(page);
    await page.getByRole('button', { name: 'See how many events match' }).click();
    await page.getByText('2 deliveries on record in that span').waitFor();
    expect(await page.locator('.choice', { hasText: 'default' }).innerText()).toContain('2 would match');
    // Nothing is chosen by itself, and the count is seen before anything starts.
    expect(await page.getByRole('button', { name: 'Start the replay' }).isDisabled()).toBe(true);
    await page.getByLabel('default').check();
    await page.getByRole('button', { name: 'Start the replay' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start the replay' });
    await dialog.getByText('2 by default would run again').waitFor();
    await accessible(page);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Start the replay' }).click();
    await dialog.getByRole('button', { name: 'Replay' }).click();
    await page.getByRole('heading', { name: /^hookline-/ }).waitFor();
    await page.getByText('to the rule default').waitFor();
    await page.getByText('Completed').waitFor();
    await page.getByRole('heading', { name: '2 executions: 2 pong' }).waitFor();
    expect(await page.getByRole('progressbar', { name: 'Events replayed' }).getAttribute('value')).toBe(
      '100',
    );
    expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);

    const name = new URL(page.url()).searchParams.get('name') ?? '';
    // What its events have started is a part of it.
    await page.route('**/api/deliveries?*', async (route) => {
      const response = await route.fetch();
      if (response.status() !== 200) return route.fulfill({ response });
      const found: { rows: object[] } = await response.json();
      const rows = found.rows.map((row) => ({ ...row, outcome: '' }));
      await route.fulfill({ response, json: { ...found, rows } });
    });
    await page.reload();
    await page.getByText('All sent').waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await page.reload();
    await page.getByText('Completed').waitFor();
    await page.getByRole('heading', { name }).waitFor();
    const link = page.getByRole('row').getByRole('link').first();
    expect(decodeURIComponent((await link.getAttribute('href')) ?? '')).toMatch(
      new RegExp(`^/console/deliveries/default#localhost#.*#${name}$`),
    );
    await page.getByRole('link', { name: 'Plan another replay' }).click();
    await page.getByRole('row').filter({ hasText: 'Completed' }).getByRole('link').click();
    await page.getByRole('heading', { name }).waitFor();
    await leave();
  });

  it('that is not there is said to be so', async () => {
    const { page, leave } = await on.visit('replay?name=none', { allowed: /404/ });
    await page.getByText('Replay none does not exist').waitFor();
    await leave();
  });
});

for (const { look, ...visitor } of LOOKS)
  it(`the replay page is accessible and fits on a ${look} page`, async () => {
    const { page, leave } = await on.visit('replay', visitor);
    await ready(page);
    await accessible(page);
    await start(page).press('ArrowRight');
    await page.getByRole('button', { name: 'See how many events match' }).click();
    await page.getByText('would match').first().waitFor();
    await accessible(page);
    await fits(page);
    await leave();
  });
