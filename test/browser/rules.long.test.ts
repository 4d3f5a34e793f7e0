import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessible, fits, LOOKS } from '../support/browser/browser.ts';
import { type ConsoleBench, openConsole } from '../support/browser/console.ts';

let on: ConsoleBench;
beforeAll(async () => {
  on = await openConsole();
  const { deliveryId } = await on.hookline.deliver('watch', { repository: { full_name: 'hookline/demo' } });
  await on.hookline.ended(deliveryId);
  await on.hookline.ended('"event":"ping"');
});
afterAll(() => on?.close());

describe('the rules', () => {
  it('say what each matches in words, and how often it did', async () => {
    const { page, leave } = await on.visit('rules');
    const rule = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'demo' }) });
    await rule.getByText('1 match in 7 days').waitFor();
    await rule.getByRole('link', { name: '1 match' }).click();
    await page.getByRole('row').filter({ hasText: 'hookline/demo' }).first().waitFor();
    await page.goBack();
    await rule.waitFor();
    await rule.getByText('starts hookline-example').waitFor();
    expect(await rule.innerText()).toContain('payload.repository.full_name is "hookline/demo"');
    await rule.getByRole('img', { name: /: 1$|: 1, \d/ }).waitFor();
    await leave();
  });
});

describe('an explanation', () => {
  it('says of a recent delivery which rules match it, and why', async () => {
    const { page, leave } = await on.visit('rules?view=explain');
    const picker = page.getByRole('combobox', { name: 'Delivery' });
    const option = picker.locator('option', { hasText: 'watch' });
    await option.waitFor({ state: 'attached' });
    await picker.selectOption((await option.getAttribute('value')) ?? '');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page
      .getByRole('heading', { name: '1 of 2 rules matches, and ignores the delivery', exact: true })
      .waitFor();
    const demo = page.getByRole('article').filter({ hasText: 'demo matches, then Ignored' });
    await demo.getByRole('img', { name: 'holds', exact: true }).waitFor();
    expect(await demo.innerText()).toContain('it is "hookline/demo"');
    const then = demo.getByRole('list', { name: 'After the match' });
    expect(await then.innerText()).toContain(
      'then Ignored: the event watch names neither a branch nor a tag',
    );
    await then.getByRole('img', { name: 'does not hold', exact: true }).waitFor();
    await page
      .getByRole('article')
      .filter({ hasText: 'default does not match' })
      .getByRole('img', { name: 'does not hold' })
      .first()
      .waitFor();
    await accessible(page);
    await leave();
  });

  it('shows where a pasted payload is no JSON, and explains it once it is', async () => {
    const { page, leave } = await on.visit('rules?view=explain');
    await page.getByLabel('A payload').check();
    const area = page.getByLabel('Payload, as JSON');
    await area.fill('{\n  "repository": { "full_name": "acme/site", }\n}');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByText('"}" stands where a name in double quotes is expected').waitFor();
    await page.getByRole('button', { name: 'Line 2, column 45' }).click();
    const selected = await area.evaluate((node) =>
      node instanceof HTMLTextAreaElement ? node.value.slice(node.selectionStart, node.selectionEnd) : '',
    );
    expect(selected).toBe('}');
    await accessible(page);
    await area.fill('{ "repository": { "full_name": "acme/site" } }');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('article').filter({ hasText: 'default matches' }).waitFor();
    await leave();
  });
});

describe('a new rule', () => {
  it('is written as it is filled in, with what is wrong at its field, and copied', async () => {
    const { page, leave } = await on.visit('rules?view=new');
    const copy = page.getByRole('button', { name: 'Copy' });
    await page.getByText('Give the rule a name first.').waitFor();
    await page.getByLabel('Name').fill('Acme');
    await page.getByText('a rule is named after its file').waitFor();
    expect(await page.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
    expect(await copy.isDisabled()).toBe(true);
    await accessible(page);
    await page.getByLabel('Name').fill('demo');
    await page.getByText('there is a rule demo already').waitFor();
    await page.getByLabel('Name').fill('acme-main');
    await page.getByLabel('Repository').fill('acme');
    await page.getByText('no repository is called so; write owner/name').waitFor();
    await page.getByLabel('Repository').fill('acme/*');
    await page.getByLabel('Events').fill('pussh');
    await page.getByText('match.event is "pussh": no git host sends an event of this name').waitFor();
    await page.getByLabel('Events').fill('push');
    await page.getByLabel('Ref').fill('main');
    await page.getByText('- refs/heads/main').waitFor();
    await page.getByLabel('Ref').fill('');
    await page.getByLabel('Events').fill('push, create');
    await page.getByLabel('Paths').fill('docs/**, src/*.ts');
    await page.getByLabel('Write commit statuses').check();
    const file = page.getByRole('region', { name: "The rule's file" });
    await file.getByText('status: true').waitFor();
    const skips = page.getByLabel('Make no artifact of a push that a newer one follows at once');
    await skips.check();
    await file.getByText('superseded: skip').waitFor();
    await skips.uncheck();
    await file.getByText('superseded: skip').waitFor({ state: 'detached' });
    expect(await file.locator('pre').innerText()).toContain(
      'event:\n    - push\n    - create\n  payload:\n    repository:\n      full_name:\n        - prefix: acme/\npaths:\n  - docs/**\n  - src/*.ts',
    );
    await file.getByRole('heading', { name: 'events/rules/acme-main.yaml' }).waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await copy.click();
    await page.getByText('Copied.').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied.trim()).toBe((await file.locator('pre').innerText()).trim());
    // Nothing here watches a folder of rules.
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Try it on the last 100 deliveries' }).click();
    await page.getByText(/^It would take \d+ of the last \d+ deliveries/).waitFor();
    await accessible(page);
    await leave();
  });
});

for (const { look, ...visitor } of LOOKS)
  it(`the rules, their explanation and the form are accessible and fit on a ${look} page`, async () => {
    const { page, leave } = await on.visit('rules', visitor);
    const accessibleAndFits = async () => {
      await accessible(page);
      await fits(page);
    };
    await page.getByText('1 match in 7 days').first().waitFor();
    await accessibleAndFits();
    await page.getByRole('link', { name: 'Explain a delivery' }).click();
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('article').first().waitFor();
    await accessibleAndFits();
    await page.getByRole('link', { name: 'Write a new rule' }).click();
    await page.getByText('match:').waitFor();
    await accessibleAndFits();
    await leave();
  });
