import { readFile } from 'node:fs/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accessible, fits, LOOKS, NARROW, type Visitor, WIDE } from '../support/browser/browser.ts';
import { type ConsoleBench, openConsole } from '../support/browser/console.ts';
import type { Hookline } from '../support/hookline.ts';
import { type MuteHost, startMuteHost } from '../support/mute-host.ts';
import { addHost, deliverFrom } from '../support/other-host.ts';
import { createRepository, type Repository } from '../support/repository.ts';

let on: ConsoleBench;
let hookline: Hookline;
let repository: Repository;
let commit: string;
let mute: MuteHost;
beforeAll(async () => {
  [on, repository] = await Promise.all([openConsole(), createRepository()]);
  ({ hookline } = on);
  mute = await startMuteHost(hookline.outputs.gitUrl ?? '');
  await addHost(hookline, MUTE.name, {
    settings: { provider: 'github', url: mute.url },
    webhookSecret: MUTE.secret,
    credentials: { token: hookline.secrets.token },
  });
  commit = await repository.commit({
    'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [cat a.txt] } }\n',
    'a.txt': 'a\n',
  });
  const url = new URL(`${hookline.outputs.gitUrl}/hookline/demo.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
  // By a rule that writes no status, which would wait for an answer of a mute host.
  url.pathname = url.pathname.replace('hookline/demo', 'acme/app');
  await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
  const push = hookline.gitHost.deliveries().find(({ event }) => event === 'push');
  await hookline.ended(push?.id ?? '');
});
afterAll(async () => {
  await on?.close();
  await repository?.remove();
  mute?.close();
});

const open = async (outcome: string, visitor: Visitor = {}) => {
  const visited = await on.visit('', visitor);
  await visited.page.getByRole('row').filter({ hasText: outcome }).getByRole('link').first().click();
  await visited.page.getByRole('list', { name: 'The path taken' }).waitFor();
  return visited;
};
const machine = (page: Page) => page.getByRole('region', { name: 'The machine' });

/** The edges of the picture's frame, and of all that is lit in it. */
function framesOfPath() {
  const edgesOf = (selector: string) => {
    const boxes = [...document.querySelectorAll(selector)].map((element) => element.getBoundingClientRect());
    return {
      left: Math.min(...boxes.map(({ left }) => left)),
      right: Math.max(...boxes.map(({ right }) => right)),
      top: Math.min(...boxes.map(({ top }) => top)),
      bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
    };
  };
  return [edgesOf('.graph'), edgesOf('.graph button.node, .graph .arrow.taken path')] as const;
}

const MUTE = { name: 'mute.example.com', secret: 'a secret of the mute host' };

/** A push from a host that takes connections and never says a word, so that its pull runs until it is stopped. */
const pushToMuteHost = (): Promise<string> =>
  deliverFrom(hookline, MUTE, 'push', {
    ref: 'refs/heads/main',
    after: commit,
    repository: { full_name: 'acme/app' },
  });

describe('the page of a delivery', () => {
  it('lights the path that was taken on the picture of the machine, and nothing else', async () => {
    const { page, leave } = await open('Pipeline started');
    await machine(page).getByRole('button', { name: 'Pull, succeeded' }).waitFor();
    expect(await machine(page).getByRole('button', { name: ', succeeded' }).count()).toBe(10);
    expect(await machine(page).getByText('Rejected', { exact: true }).count()).toBe(1);
    expect(await machine(page).locator('.arrow.taken').count()).toBe(9);
    await leave();
  });

  for (const viewport of [WIDE, NARROW])
    it(`has the whole path, lines included, in the middle of its frame of ${viewport.width} pixels`, async () => {
      const { page, leave } = await open('Pipeline started', { viewport });
      await machine(page).getByRole('button', { name: 'Pull, succeeded' }).waitFor();
      await vi.waitFor(async () => {
        const [frame, path] = await page.evaluate(framesOfPath);
        expect(path.left).toBeGreaterThanOrEqual(frame.left);
        expect(path.right).toBeLessThanOrEqual(frame.right);
        expect(path.top).toBeGreaterThanOrEqual(frame.top);
        expect(path.bottom).toBeLessThanOrEqual(frame.bottom);
        expect(Math.abs(path.left + path.right - frame.left - frame.right)).toBeLessThan(20);
      });
      await leave();
    });

  it('shows those facts alone that there are', async () => {
    const { page, leave } = await open('Pipeline started');
    expect(await page.locator('.facts').innerText()).not.toMatch(/^–$/m);
    expect(await page.locator('.facts').getByText('Replay', { exact: true }).count()).toBe(0);
    await leave();
  });

  it('has its ids copied, and its tabs changed by the arrow keys', async () => {
    const { page, leave } = await open('Pipeline started');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy: Commit', exact: true }).click();
    await page.getByText('Copied.').waitFor({ state: 'attached' });
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(commit);
    for (const name of ['Delivery', 'Artifact', 'Pipeline', 'Execution'])
      expect(await page.getByRole('button', { name: `Copy: ${name}`, exact: true }).count()).toBe(1);
    await page.getByRole('button', { name: 'Copy: Execution', exact: true }).click();
    await vi.waitUntil(async () =>
      (await page.evaluate(() => navigator.clipboard.readText())).startsWith(
        `${hookline.outputs.stateMachineArn.replace(':stateMachine:', ':execution:')}:`,
      ),
    );
    await page.getByRole('tab', { name: 'Input' }).click();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tabpanel', { name: 'Output' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tabpanel', { name: 'Logs' }).waitFor();
    await leave();
  });

  it('says what its pipeline came to, as the list does, which can be filtered by it', async () => {
    const { page, leave } = await open('Pipeline started');
    await page.getByRole('img', { name: 'pipeline succeeded' }).waitFor();
    await page.getByText('hookline-example: succeeded').waitFor();
    await accessible(page);
    await page.getByRole('link', { name: '← Deliveries' }).click();
    await page.getByRole('combobox', { name: 'pipeline' }).selectOption('failed');
    await page.getByRole('heading', { name: 'No delivery matches' }).waitFor();
    await page.getByRole('combobox', { name: 'pipeline' }).selectOption('succeeded');
    const row = page.getByRole('row').filter({ hasText: 'Pipeline started' });
    await row.getByRole('img', { name: 'pipeline succeeded' }).waitFor();
    await accessible(page);
    await leave();
  });

  it('shows of a state what went in, what came out, and what its build has logged', async () => {
    const { page, leave } = await open('Pipeline started');
    await machine(page).getByRole('button', { name: 'Pull, succeeded' }).click();
    const state = page.getByRole('region', { name: 'The state Pull' });
    await state.getByText(commit.slice(0, 7)).first().waitFor();
    await state.getByRole('tab', { name: 'Input' }).click();
    await state.getByText('"fullName": "hookline/demo"').waitFor();
    await state.getByRole('tab', { name: 'Output' }).click();
    await state.getByText('"outcome": "pulled"').waitFor();
    await page.getByRole('list', { name: 'The path taken' }).getByText('Claim').click();
    await page.getByRole('region', { name: 'The state Claim' }).getByText('Claimed').first().waitFor();
    await page.getByText('Event timeline').click();
    await page.getByRole('cell', { name: 'ExecutionSucceeded' }).waitFor();
    await leave();
  });

  it('says which pipeline was started, and gives the artifact', async () => {
    const { page, leave } = await open('Pipeline started');
    await page.getByText('hookline-example: succeeded').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the artifact' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`${commit}.zip`);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    const s3 = new S3Client({ ...hookline.access, forcePathStyle: true });
    const [Key] = /commits\/localhost\/\S+\.zip/.exec(await page.locator('.facts').innerText()) ?? [];
    const object = await s3.send(new GetObjectCommand({ Bucket: hookline.outputs.bucket, Key }));
    expect(Buffer.concat(chunks).equals(Buffer.from((await object.Body?.transformToByteArray()) ?? []))).toBe(
      true,
    );
    await page.getByText('Artifact: files').click();
    await page.getByRole('row', { name: /^buildspec\.yml \d+ B$/ }).waitFor();
    await accessible(page);
    await page.setViewportSize(NARROW);
    await fits(page);
    await leave();
  });

  it('has the payload as a tree, the headers, and what another delivery has otherwise', async () => {
    const { page, leave } = await open('Pipeline started');
    await page.locator('.fact-message').getByText('Change', { exact: true }).waitFor();
    await page.getByText('Webhook: payload and headers').click();
    const webhook = page.locator('details.unfolds', { hasText: 'Webhook' });
    const tree = webhook.getByRole('tabpanel', { name: 'Payload' });
    await tree.getByText('repository: ').click();
    await tree.getByText('"hookline/demo"').first().waitFor();
    await accessible(page);
    await webhook.getByRole('tab', { name: 'Headers' }).click();
    await webhook.getByText('X-Hub-Signature-256: sha256=').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      webhook.getByRole('link', { name: 'Download the payload' }).click(),
    ]);
    expect(JSON.parse(await readFile(await download.path(), 'utf8'))).toMatchObject({ after: commit });
    await webhook.getByRole('tab', { name: 'Difference' }).click();
    const other = hookline.gitHost.deliveries().find(({ event }) => event === 'create');
    await webhook.getByRole('textbox', { name: 'Another delivery' }).fill(other?.id ?? '');
    await webhook.getByRole('button', { name: 'Compare' }).click();
    await webhook.getByRole('row', { name: 'ref_type' }).waitFor();
    await accessible(page);
    await page.setViewportSize(NARROW);
    await fits(page);
    await leave();
  });

  it('leads to what each rule makes of it', async () => {
    const { page, leave } = await open('Pipeline started');
    await page.getByRole('link', { name: 'Explain the rules' }).click();
    await page.getByRole('heading', { name: /of \d+ rules match/ }).waitFor();
    await leave();
  });

  it('runs it again, and shows that run live to its end', async () => {
    const { page, leave } = await open('Pipeline started');
    const before = page.url();
    await page.getByRole('button', { name: 'Redeliver' }).click();
    await page.waitForURL((url) => url.href !== before);
    await page.getByText('redeliver-').first().waitFor();
    await page.getByText('hookline-example: succeeded').waitFor();
    // Both runs stand on the page of either, and the list has the new one where it began.
    const runs = page.getByRole('region', { name: 'Runs of this delivery' });
    await runs.getByText('2 runs of this delivery').waitFor();
    expect(await runs.getByRole('link').nth(0).getAttribute('aria-current')).toBe('page');
    await accessible(page);
    await runs.getByRole('link').nth(1).click();
    await page.waitForURL((url) => url.href === before);
    await page.getByRole('link', { name: '← Deliveries' }).click();
    const rows = page.getByRole('row').filter({ hasText: 'Pipeline started' });
    await rows.first().getByText('again', { exact: true }).waitFor();
    await leave();
  });

  it('leads to the list where there is no such delivery', async () => {
    const { page, leave } = await on.visit('deliveries/nope', { allowed: /40\d/ });
    await page.getByText('no delivery nope').waitFor();
    await accessible(page);
    await page.getByRole('link', { name: 'See the deliveries' }).click();
    await page.getByRole('region', { name: 'List' }).waitFor();
    await leave();
  });

  it('says why a delivery was rejected, and offers no redrive of what the machine has dealt with', async () => {
    const forged = { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } };
    const { deliveryId } = await hookline.deliver('push', { zen: 'x' }, forged);
    await hookline.ended(deliveryId);
    const { page, leave } = await open('Rejected');
    await page.locator('.delivery-error').getByText('Rejected: ').waitFor();
    await page.getByRole('heading', { level: 1, name: 'push from localhost' }).waitFor();
    expect(await page.getByRole('button', { name: 'Redrive' }).isDisabled()).toBe(true);
    const stop = page.getByRole('button', { name: 'Stop' });
    expect(await stop.isDisabled()).toBe(true);
    // Each that cannot be clicked says why.
    expect(await stop.getAttribute('title')).toBe('Only what runs can be stopped');
    const download = page.getByRole('button', { name: 'Download the artifact' });
    expect(await download.getAttribute('title')).toBe('It has made no artifact');
    await machine(page).getByRole('button', { name: 'Rejected, failed' }).waitFor();
    const state = page.getByRole('region', { name: 'The state Validate' });
    await state.getByRole('tab', { name: 'Error', selected: true }).waitFor();
    await state.getByText('no webhook secret of localhost made this signature').waitFor();
    await page.getByText('What to do: where Hookline has the wrong secret').waitFor();
    await page.getByRole('button', { name: 'Copy this command' }).first().waitFor();
    // All of it is there, on the narrowest page too.
    await page.setViewportSize(NARROW);
    const error = page.locator('.delivery-error');
    expect(await error.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBe(0);
    expect(await page.getByRole('button', { name: 'Show all' }).count()).toBe(0);
    await fits(page);
    await accessible(page);
    await leave();
  });

  it('stops one that runs, and lets it go on from there', async () => {
    const deliveryId = await pushToMuteHost();
    const { page, leave } = await open('Running');
    await machine(page).getByRole('button', { name: 'Pull, running' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('status').getByText('Stopped', { exact: true }).first().waitFor();
    await hookline.ended(deliveryId);
    // What comes up while somebody reads moves nothing, until the reader makes room for it.
    const problem = page.getByRole('alert');
    await problem.locator('.error-lines').waitFor();
    await problem.getByText('What to do: it goes on at the state where it ended.').waitFor();
    await accessible(page);
    await problem.getByRole('button', { name: 'Make room for this' }).click();
    await page.locator('.delivery-error:not(.over)').waitFor();
    mute.speak();
    await page.getByRole('button', { name: 'Redrive' }).click();
    await machine(page).getByRole('button', { name: 'Pull, succeeded' }).waitFor();
    await machine(page).getByRole('button', { name: 'Published, succeeded', exact: true }).waitFor();
    await leave();
  });

  for (const { look, ...visitor } of LOOKS)
    it(`is accessible on a ${look} page`, async () => {
      const { page, leave } = await open('Pipeline started', visitor);
      await machine(page).getByRole('button', { name: 'Pull, succeeded' }).waitFor();
      await accessible(page);
      await fits(page);
      await leave();
    });
});
