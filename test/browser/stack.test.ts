import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Hookline, startHookline } from '../e2e/hookline.ts';
import { openBrowser, visit } from './browser.ts';
import { type StackConsole, startConsole } from './console.ts';

let hookline: Hookline;
let browser: Browser;
let served: StackConsole;
let deliveryId: string;
beforeAll(async () => {
  [hookline, browser] = await Promise.all([startHookline(), openBrowser()]);
  ({ deliveryId } = await hookline.deliver('watch', { repository: { full_name: 'hookline/demo' } }));
  await hookline.ended(deliveryId);
  served = await startConsole(hookline.access.endpoint, hookline.outputs.stackName);
});
afterAll(async () => {
  await served?.stop();
  await browser?.close();
  await hookline?.remove();
});

it('hookline console, a process that knows nothing but AWS, shows a delivery, its rules, and replays it', async () => {
  const { page, leave } = await visit(browser, served.url);
  await page.getByRole('row').filter({ hasText: 'Ignored' }).getByRole('link').first().click();
  const machine = page.getByRole('region', { name: 'The machine' });
  await machine.getByRole('button', { name: 'Ignored, succeeded', exact: true }).waitFor();
  await page.getByRole('list', { name: 'The path taken' }).getByText('Claim').click();
  await page.getByRole('region', { name: 'The state Claim' }).getByText('Claimed').first().waitFor();

  await page.getByRole('link', { name: 'Rules' }).click();
  await page.getByRole('heading', { name: 'demo' }).waitFor();
  await page.getByText('payload.repository.full_name is "hookline/demo"').first().waitFor();

  await page.getByRole('link', { name: 'Replay' }).click();
  await page.getByLabel('default').uncheck();
  await page.getByRole('button', { name: 'Start the replay' }).click();
  await page.getByRole('heading', { name: '1 execution: 1 ignored' }).waitFor();
  const replayed = await hookline.ended(deliveryId, 2);
  expect(replayed.map(({ outcome }) => outcome)).toEqual(['Ignored', 'Ignored']);
  await leave();
});
