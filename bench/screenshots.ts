import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { DEMO_REPOSITORY } from '../cli/up/demo.ts';
import { type Deployment, startDeployment } from '../cli/up/deployment.ts';
import { synthesize } from '../cli/up/synthesis.ts';
import { openBrowser } from '../test/support/browser/browser.ts';
import { createRepository, type Repository } from '../test/support/repository.ts';

// The pictures of the documentation, taken of a deployment that a few pushes have gone through.
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PICTURES = join(ROOT, 'docs', 'pictures');

const BUILDSPEC = 'version: 0.2\nphases: { build: { commands: [echo built] } }\n';
const PUSHES: readonly [repository: string, ref: string][] = [
  ['acme/website', 'refs/heads/main'],
  ['acme/api', 'refs/heads/release/2.4'],
  ['acme/api', 'refs/tags/v2.4.0'],
  [DEMO_REPOSITORY, 'refs/heads/main'],
  ['acme/mobile', 'refs/heads/main'],
  [DEMO_REPOSITORY, 'refs/heads/main'],
];

// What fades in has done so.
const SETTLED_MS = 1500;

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
if (values.help) {
  process.stdout.write(
    'Usage: npm run screenshots\n\nTakes the pictures in docs/pictures anew, of a Hookline that a few pushes have gone through. Needs Chromium.\n',
  );
  process.exit();
}

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const data = await mkdtemp(join(tmpdir(), 'hookline-pictures-'));
const { directory } = await synthesize(ROOT);
const deployment = await startDeployment({ assembly: directory, data, port: 0 });
const repository = await createRepository();
const browser = await openBrowser();
try {
  await mkdir(PICTURES, { recursive: true });
  await pushAll(deployment, repository);
  await forge(deployment);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  await page.goto(deployment.outputs.consoleUrl ?? '');
  await takeAll(page);
} finally {
  await browser.close();
  await repository.remove();
  await deployment.close();
  await rm(data, { recursive: true, force: true });
}

async function pushAll({ outputs, secrets }: Deployment, { commit, git }: Repository): Promise<void> {
  for (const [number, [name, ref]] of PUSHES.entries()) {
    await commit({ 'buildspec.yml': BUILDSPEC, file: `${number}\n` }, `Change ${number}`);
    const url = new URL(`${outputs.gitUrl}/${name}.git`);
    url.username = 'hookline';
    url.password = secrets.token;
    await git('push', '--quiet', '--force', url.href, `HEAD:${ref}`);
  }
}

/** What a webhook with a wrong secret looks like. */
async function forge({ outputs }: Deployment): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': 'a-webhook-with-another-secret',
    'x-github-enterprise-host': 'localhost',
    'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
  };
  await fetch(outputs.webhookUrl, { method: 'POST', headers, body: '{"ref":"refs/heads/main"}' });
}

async function takeAll(page: Page): Promise<void> {
  const row = page.getByRole('row');
  await row.filter({ hasText: 'Rejected' }).waitFor();
  await page.waitForFunction(() => !document.querySelector('.list .outcome.busy'));
  await take(page, 'deliveries');
  await row.filter({ hasText: 'Pipeline started' }).getByRole('link').first().click();
  const machine = page.getByRole('region', { name: 'The machine' });
  await machine.getByRole('button', { name: 'Pull, succeeded' }).click();
  await page.getByRole('region', { name: 'The state Pull' }).getByRole('time').first().waitFor();
  await page.setViewportSize({ width: 1280, height: 960 });
  await take(page, 'delivery');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('heading', { level: 1 }).getByRole('link').click();
  await page.getByRole('region', { name: 'Refs' }).waitFor();
  await take(page, 'repository');
  for (const place of ['Replay', 'Rules']) {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place }).click();
    await page.getByRole('heading', { level: 1, name: place }).waitFor();
    await take(page, place.toLowerCase());
  }
}

async function take(page: Page, name: string): Promise<void> {
  await wait(SETTLED_MS);
  const path = join(PICTURES, `${name}.png`);
  await page.screenshot({ path });
  process.stdout.write(`docs/pictures/${name}.png\n`);
}
