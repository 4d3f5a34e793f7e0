import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, inject, it } from 'vitest';
import { costOfPush } from '../support/cost/push.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/deploy.md', import.meta.url)), 'utf8');

it('quotes what a push takes on this machine', async () => {
  const cost = await costOfPush(inject('assembly'));
  const rows = page.slice(page.indexOf('## What it costs'), page.indexOf('## What a stranger costs'));
  expect(rows).toContain(`${cost.transitions} state transitions`);
  expect(rows).toContain(`× ${cost.lambdaCalls} calls`);
  expect(rows).toContain(`${cost.events} events`);
  expect(rows).toContain(`${cost.writeUnits} write units`);
  expect(rows).toContain(`${cost.readUnits} read units`);
  expect(rows).toContain(`${cost.s3Writes} PUT`);
  expect(rows).toContain(`${cost.s3Reads} GET`);
  expect(rows).toContain(`${cost.secretReads} call `);
  expect(rows).toContain(`${Math.ceil(cost.logBytes / 1000)} kB`);
  expect(cost.builds).toHaveLength(1);
});
