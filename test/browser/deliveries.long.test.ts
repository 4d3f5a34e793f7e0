import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessible, fits, LOOKS, NARROW, visit } from '../support/browser/browser.ts';
import { type ConsoleBench, openConsole } from '../support/browser/console.ts';

const ping = { zen: 'Design for failure.', hook_id: 1 };

let on: ConsoleBench;
beforeAll(async () => {
  on = await openConsole();
});
afterAll(() => on?.close());

const rejected = { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } };
let sent: Promise<unknown> | undefined;
/** The one delivery here that is rejected, from the first test on that needs it: each test runs alone too. */
const oneRejected = (): Promise<unknown> => {
  sent ??= on.hookline.deliver('push', ping, rejected);
  return sent;
};

describe('the list of deliveries', () => {
  it('says where to send the first one', async () => {
    const { page, leave } = await on.visit('?all=true');
    // The git host has sent its ping already.
    await page.getByRole('row').filter({ hasText: 'Pong' }).waitFor();
    await page.goto(on.url('?event=none&all=true'));
    await page.getByRole('heading', { name: 'No delivery matches' }).waitFor();
    await accessible(page);
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('heading', { name: 'Nothing that needs attention' }).waitFor();
    await leave();
  });

  it('says how the first one comes, where there is none at all', async () => {
    const { page, leave } = await on.visit('rules');
    const nothing = { rows: [], hidden: [], reached: new Date().toISOString() };
    await page.route('**/api/deliveries?*', (route) => route.fulfill({ json: nothing }));
    await page.getByRole('navigation').getByRole('link', { name: 'Deliveries' }).click();
    await page.getByRole('heading', { name: 'No delivery yet' }).waitFor();
    await page.getByText(on.hookline.outputs.webhookUrl).waitFor();
    await page.getByText('hookline hooks create OWNER/NAME').waitFor();
    await accessible(page);
    await page.setViewportSize(NARROW);
    await fits(page);
    await leave();
  });

  it('counts what needs nobody, and shows it by a switch', async () => {
    await on.hookline.withoutRule('default', async () => {
      const payload = { ref: 'refs/heads/x', repository: { full_name: 'acme/none' } };
      const { deliveryId } = await on.hookline.deliver('push', payload);
      const { page, leave } = await on.visit();
      await page.getByText('1 Pong, 1 Unmatched not shown.').waitFor();
      await accessible(page);
      await page.getByRole('button', { name: 'Show them' }).click();
      const row = page.getByRole('row').filter({ hasText: 'Unmatched' }).filter({ hasText: 'not verified' });
      await row.waitFor();
      expect(new URL(page.url()).search).toBe('?all=true');
      await row.getByRole('link').click();
      await page.getByText('what stands here is not verified').waitFor();
      await page.getByText(deliveryId).first().waitFor();
      await page.getByRole('heading', { name: 'None of the 1 rules matches' }).waitFor();
      await page
        .getByText(/hookline rules new \S+ --event push/)
        .first()
        .waitFor();
      await accessible(page);
      await page.getByRole('link', { name: '← Deliveries' }).click();
      await page.getByLabel('ignored, pings and unmatched').uncheck();
      await page.getByRole('heading', { name: 'Nothing that needs attention' }).waitFor();
      await leave();
    });
  });

  it('shows a delivery as it comes, and its outcome, without a reload', async () => {
    const { page, leave } = await on.visit('?all=true');
    await page.getByRole('row').filter({ hasText: 'Pong' }).first().waitFor();
    await on.hookline.deliver('watch', { action: 'started', repository: { full_name: 'hookline/demo' } });
    await page.getByRole('row').filter({ hasText: 'Ignored' }).filter({ hasText: 'watch' }).waitFor();
    await oneRejected();
    await page.getByRole('row').filter({ hasText: 'Rejected' }).waitFor();
    await leave();
  });

  it('is filtered by each of its columns, in an address that can be shared', async () => {
    await oneRejected();
    const { page, leave } = await on.visit('?all=true');
    await page.getByRole('row').filter({ hasText: 'Pong' }).first().waitFor();
    await page.getByLabel('outcome').selectOption('failed');
    await page.getByText('1 in all').waitFor();
    await page.getByLabel('outcome').selectOption('Rejected');
    // Until the answer is there, neither is.
    await page.getByText('1 in all').waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'Rejected' }).count()).toBe(1);
    expect(await page.getByRole('row').filter({ hasText: 'Pong' }).count()).toBe(0);
    await page.getByLabel('event').fill('pin');
    await page.getByRole('heading', { name: 'No delivery matches' }).waitFor();
    expect(new URL(page.url()).search).toBe('?outcome=Rejected&all=true&event=pin');
    await page.reload();
    await page.getByRole('heading', { name: 'No delivery matches' }).waitFor();
    await leave();
  });

  it('says in a narrow row too what was wrong', async () => {
    await oneRejected();
    const { page, leave } = await on.visit('?outcome=Rejected', { viewport: NARROW });
    const row = page.getByRole('row').filter({ hasText: 'Rejected' }).first();
    await row.getByText('no webhook secret of localhost made this signature').waitFor();
    // No repository is verified of it, so that nobody takes the host for one.
    await row.getByRole('link', { name: 'from localhost' }).waitFor();
    await fits(page);
    await leave();
  });

  it('takes several outcomes from its address, and says which there are for one that is none', async () => {
    await oneRejected();
    const { page, leave } = await on.visit('?outcome=Rejected,!Pong', { allowed: /400/ });
    await page.getByText('1 in all').waitFor();
    await page.goto(on.url('?outcome=nonsense'));
    await page.getByText('there is no outcome "nonsense": write one of running, failed, done').waitFor();
    expect(await page.getByLabel('outcome').inputValue()).toBe('nonsense');
    await leave();
  });

  it('is not where a failed delivery loses its own error, when hookline does not answer any more', async () => {
    await oneRejected();
    const { page, leave } = await on.visit('?outcome=Rejected', { allowed: /ERR_|Failed to load/ });
    await page.getByRole('row').filter({ hasText: 'Rejected' }).getByRole('link').first().click();
    await page.getByText('Rejected: no webhook secret of localhost').first().waitFor();
    await page.route('**/api/**', (route) => route.abort());
    await page.getByText('Not up to date: hookline does not answer').waitFor();
    expect(await page.getByText('Rejected: no webhook secret of localhost').count()).toBeGreaterThan(0);
    await page.unroute('**/api/**');
    await leave();
  });

  for (const { look, ...visitor } of LOOKS)
    it(`is accessible on a ${look} page, by the keyboard too`, async () => {
      await oneRejected();
      const { page, leave } = await on.visit('?all=true', visitor);
      await page.getByRole('row').filter({ hasText: 'Rejected' }).waitFor();
      const link = page.getByRole('row').getByRole('link').first();
      await accessible(page);
      await link.focus();
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute('href'));
      const first = await focused();
      await page.keyboard.press('ArrowDown');
      expect(await focused()).toMatch(/^\S+$/);
      expect(await focused()).not.toBe(first);
      await fits(page);
      await leave();
    });
});

describe('the console', () => {
  it('answers nobody without its token', async () => {
    const [address] = on.url().split('#');
    const { page, leave } = await visit(on.browser, address ?? '', { fresh: true, allowed: /401/ });
    await page.getByRole('heading', { name: 'This page needs its token' }).waitFor();
    await accessible(page);
    await leave();
    const api = await fetch(`${address}api/deliveries`);
    expect({ status: api.status, body: await api.json() }).toMatchObject({
      status: 401,
      body: { message: expect.stringContaining('the token is missing or wrong') },
    });
  });

  it('keeps its token from other pages of its origin, and gives it to its own new tabs', async () => {
    const { page, leave } = await on.visit('?all=true');
    const row = page.getByRole('row').filter({ hasText: 'Pong' }).first();
    await row.waitFor();
    const context = page.context();
    const [beside] = await Promise.all([
      context.waitForEvent('page'),
      row.getByRole('link').click({ modifiers: ['ControlOrMeta'] }),
    ]);
    await beside.getByText('Pong').first().waitFor();
    expect(new URL(beside.url()).hash).toBe('');
    await beside.close();
    const other = await context.newPage();
    // An address of the origin that has a page of its own, whatever it says.
    await other.goto(new URL('/console/icon.svg', on.url()).href);
    expect(await other.evaluate(() => ({ ...localStorage, ...sessionStorage }))).toEqual({});
    await other.close();
    await leave();
  });

  it('answers under no other name, so that no page elsewhere can point its own at it', async () => {
    const { hostname, port } = new URL(on.url());
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      request({ hostname, port, path: '/console/', headers: { host: 'evil.example.com' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it('says when hookline does not answer any more, and keeps what it has shown', async () => {
    const { page, leave } = await on.visit('?all=true', { allowed: /ERR_|Failed to load/ });
    await page.getByRole('row').filter({ hasText: 'Pong' }).first().waitFor();
    await page.route('**/api/**', (route) => route.abort());
    await page.getByText('Not up to date: hookline does not answer').waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'Pong' }).count()).toBeGreaterThan(0);
    await page.unroute('**/api/**');
    await page.getByText('Not up to date').waitFor({ state: 'detached' });
    await leave();
  });
});

describe('all that the list shows', () => {
  beforeAll(async () => {
    for (const ref of ['refs/heads/a', 'refs/heads/b', 'refs/heads/c\u202e']) {
      const push = { ref, after: '1'.repeat(40), repository: { full_name: 'acme/gone' } };
      const { deliveryId } = await on.hookline.deliver('push', push);
      await on.hookline.ended(deliveryId);
    }
  });

  it('shows a character that turns the line as such', async () => {
    const { page, leave } = await on.visit('?outcome=PullFailed');
    await page.getByRole('row').filter({ hasText: 'c\\u202e' }).waitFor();
    await leave();
  });

  const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Redeliver all' });

  for (const { look, ...visitor } of LOOKS)
    it(`is counted before it runs again, on a ${look} page, and runs only after a yes`, async () => {
      const { page, leave } = await on.visit('?outcome=PullFailed', visitor);
      await page.getByText('3 in all').waitFor();
      await page.getByRole('button', { name: 'Redeliver all…' }).click();
      await dialogOf(page).getByText('3 deliveries would run again').waitFor();
      await dialogOf(page).getByText('3 Pull failed').waitFor();
      await accessible(page);
      await fits(page);
      await page.keyboard.press('Escape');
      await dialogOf(page).waitFor({ state: 'hidden' });
      await page.getByText('3 in all').waitFor();
      await leave();
    });

  it('runs again under one name, with its progress, can be stopped, and goes on with the rest', async () => {
    const { page, leave } = await on.visit('?outcome=PullFailed');
    await page.getByText('3 in all').waitFor();
    await page.getByRole('button', { name: 'Redeliver all…' }).click();
    // Three are started sooner than somebody stops them.
    await page.route('**/api/redeliveries', () => undefined);
    await dialogOf(page).getByRole('button', { name: 'Run 3 deliveries again' }).click();
    await dialogOf(page).getByText('Starting').waitFor();
    await accessible(page);
    await dialogOf(page).getByRole('button', { name: 'Stop' }).click();
    await dialogOf(page).getByText('Stopped. What was started goes on.').waitFor();
    await page.unroute('**/api/redeliveries');
    await dialogOf(page).getByRole('button', { name: 'Go on with the rest' }).click();
    await dialogOf(page).getByText('3 deliveries started.').waitFor();
    await dialogOf(page).getByRole('heading', { name: '3 executions: 3 pull failed' }).waitFor();
    await accessible(page);
    await dialogOf(page).getByRole('button', { name: 'Close' }).click();
    await page.getByText('6 in all').waitFor();
    await leave();
  });

  it('says of what would end as before why, and what to do instead, and runs it only when it is told to', async () => {
    await oneRejected();
    const { page, leave } = await on.visit('?outcome=Rejected');
    await page.getByRole('row').filter({ hasText: 'Rejected' }).first().waitFor();
    await page.getByRole('button', { name: 'Redeliver all…' }).click();
    const leftOut = dialogOf(page).getByRole('region', { name: 'Would end as before' });
    await leftOut
      .getByText('no webhook secret that Hookline has for localhost makes its signature')
      .waitFor();
    await leftOut.getByText('hookline secret set localhost webhook').waitFor();
    expect(
      await dialogOf(page)
        .getByRole('button', { name: /again$/ })
        .count(),
    ).toBe(0);
    await accessible(page);
    for (const viewport of [NARROW, { width: 1280, height: 800 }]) {
      await page.setViewportSize(viewport);
      await fits(page);
    }
    await dialogOf(page).getByLabel('Run it all the same').check();
    await dialogOf(page).getByRole('button', { name: 'Run 1 delivery again' }).click();
    await dialogOf(page).getByText('1 delivery started.').waitFor();
    await dialogOf(page).getByRole('heading', { name: '1 execution: 1 rejected' }).waitFor();
    await leave();
  });

  it('is none, where no delivery of the list can run again', async () => {
    const { page, leave } = await on.visit('?event=none');
    await page.getByRole('button', { name: 'Redeliver all…' }).click();
    await dialogOf(page).getByText('Nothing to run again').waitFor();
    expect(await dialogOf(page).getByRole('button').allTextContents()).toEqual(['Cancel']);
    await leave();
  });
});

describe('the overview', () => {
  it('counts how deliveries ended, and leads to those that fail now', async () => {
    const { deliveryId } = await on.hookline.deliver('push', ping, rejected);
    await on.hookline.ended(deliveryId);
    const { page, leave } = await on.visit('overview');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    const failing = page.getByRole('region', { name: 'Failing now' });
    await failing.getByText('Rejected').first().waitFor();
    await page.getByRole('img', { name: /^Runs from / }).waitFor();
    const health = page.getByRole('region', { name: 'Health' });
    await health.getByText('it is empty').first().waitFor();
    await health.getByText('the last delivery came at').waitFor();
    await health.getByText('none was killed, was refused or broke').waitFor();
    for (const { viewport } of [{ viewport: { width: 1280, height: 800 } }, { viewport: NARROW }]) {
      await page.setViewportSize(viewport);
      await accessible(page);
      await fits(page);
    }
    await page.getByRole('combobox', { name: 'Time' }).selectOption('Last hour');
    expect(new URL(page.url()).search).toBe('?since=1h');
    const cause = failing.getByRole('listitem').filter({ hasText: 'Rejected' });
    await cause.getByRole('link').first().click();
    await page.getByRole('row').filter({ hasText: 'Rejected' }).first().waitFor();
    await page.goBack();
    await cause.getByRole('link').nth(1).click();
    await page.getByText('no webhook secret of localhost made this signature').first().waitFor();
    await leave();
  });
});

// Last, as it makes the list long.
describe('a long list of deliveries', () => {
  it('leads to the top of a page, with the focus at its content, and back to the place that was left', async () => {
    await oneRejected();
    const { page, leave } = await on.visit('overview', { viewport: { width: 1280, height: 300 } });
    const content = page.getByRole('main');
    const cause = page.getByRole('region', { name: 'Failing now' }).getByRole('listitem');
    const link = cause.filter({ hasText: 'Rejected' }).getByRole('link').nth(1);
    await link.waitFor();
    await content.evaluate((node) => node.scrollTo(0, 250));
    // Where a person who clicks does not scroll first.
    await link.evaluate((node: HTMLElement) => {
      node.focus({ preventScroll: true });
      node.click();
    });
    await page.getByRole('heading', { level: 1, name: 'from localhost' }).waitFor();
    expect(await content.evaluate((node) => node.scrollTop)).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await page.goBack();
    await link.waitFor();
    await expect.poll(() => content.evaluate((node) => node.scrollTop)).toBe(250);
    await leave();
  });

  it('is found again as it was left, by its link and by the browser', async () => {
    for (let count = 0; count < 40; count += 1)
      await on.hookline.deliver('fork', { count, repository: { full_name: 'hookline/demo' } });
    await on.hookline.ended('"event":"fork"', 40);
    const { page, leave } = await on.visit('?event=fork&outcome=!failed');
    await page.getByText('40 in all').waitFor();
    const list = page.getByRole('region', { name: 'List' });
    const open = async () => {
      await list.evaluate((node) => node.scrollTo(0, 600));
      const address = await list.getByRole('row').nth(25).getByRole('link').first().getAttribute('href');
      // By its address: the rows are drawn anew for the new place, and another one is the 25th then.
      await list.locator(`a[href="${address}"]`).click();
      await page.getByRole('heading', { level: 1, name: 'hookline/demo' }).waitFor();
      await expect.poll(() => page.title()).toBe('Ignored · hookline/demo · Hookline');
      return address;
    };
    const expectAsLeft = async (row: string | null) => {
      await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe(row);
      expect(new URL(page.url()).search).toBe('?event=fork&outcome=%21failed');
      expect(await list.evaluate((node) => node.scrollTop)).toBeGreaterThan(500);
    };
    let row = await open();
    await page.getByRole('link', { name: '← Deliveries' }).click();
    await expectAsLeft(row);
    row = await open();
    await page.goBack();
    await expectAsLeft(row);
    await leave();
  });
});
