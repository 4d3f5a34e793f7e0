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
  expect(rows).toContain(`${cost.s3Writes} PUT`);
  expect(rows).toContain(`${cost.s3Reads} GET`);
  expect(rows).toContain(`${Math.ceil(cost.logBytes / 1000)} kB`);
  expect(cost.builds).toHaveLength(1);
  // On a machine that takes more than a minute for a push, what functions keep for a minute is read again.
  for (const [counted, quoted] of [
    [cost.readUnits, /(\d+) read units/],
    [cost.secretReads, /(\d+) call /],
  ] as const) {
    const times = Number(quoted.exec(rows)?.[1]);
    expect(counted).toBeGreaterThanOrEqual(times);
    expect(counted).toBeLessThanOrEqual(times + 4);
  }
});
