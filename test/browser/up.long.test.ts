import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessible, openBrowser, visit } from '../support/browser/browser.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';

let hookline: Hookline;
let browser: Browser;
let rules: string;
const write = (text: string) => writeFile(join(rules, 'acme.yaml'), text);
const good = 'description: a rule\nmatch: { event: [push] }\n';
beforeAll(async () => {
  rules = await mkdtemp(join(tmpdir(), 'hookline-rules-'));
  await write(good);
  [hookline, browser] = await Promise.all([startHookline(undefined, { rules }), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await hookline?.remove();
  await rm(rules, { recursive: true, force: true });
});

const consoleUrl = (place = '') =>
  (hookline.outputs.consoleUrl ?? '').replace('/console/', `/console/${place}`);

describe('the console that hookline up serves', () => {
  it('shows a delivery as it comes, its machine and what a function logs', async () => {
    const { page, leave } = await visit(browser, consoleUrl());
    await page.getByText('Hookline on this machine').waitFor();
    await hookline.deliver('push', { ref: 1 });
    await page.getByRole('row').filter({ hasText: 'Malformed' }).getByRole('link').click();
    const machine = page.getByRole('region', { name: 'The machine' });
    await machine.getByRole('button', { name: 'Malformed, failed', exact: true }).waitFor();
    const state = page.getByRole('region', { name: 'The state Validate' });
    await state.getByRole('tab', { name: 'Logs' }).click();
    await state.locator('.log time').first().waitFor();
    await leave();
  });

  it('shows what is wrong in a file of the watched rules, and where, until it is mended', async () => {
    const { page, leave } = await visit(browser, consoleUrl('rules'));
    await page.getByRole('heading', { name: 'acme' }).waitFor();
    const alert = page.getByRole('alert').filter({ hasText: 'A rule file is wrong' });
    await write(`${good}pul: {}\n`);
    await alert.waitFor();
    expect(await alert.innerText()).toContain('acme.yaml:3:1 the rule has no option "pul"');
    await accessible(page);
    await write(good);
    await alert.waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'acme' }).waitFor();
    await leave();
  });

  it('answers nobody without its token', async () => {
    const answer = await fetch(`${consoleUrl().split('#')[0]}api/deliveries`);
    expect(answer.status).toBe(401);
  });
});
