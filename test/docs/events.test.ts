import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { DELIVERY_ENDED, PIPELINE_ENDED, resultDetailSchema } from '../../events/result-event.ts';
import { ROOT } from '../support/docs/commands.ts';

const page = readFileSync(join(ROOT, 'docs/events.md'), 'utf8');

function paths(schema: z.ZodObject, at = ''): string[] {
  return Object.entries(schema.shape).flatMap(([name, member]) =>
    member instanceof z.ZodObject ? paths(member, `${at}${name}.`) : [`${at}${name}`],
  );
}

it('the page of events has every member of their detail, and no other', () => {
  const [table = ''] = /\| member of `detail`[\s\S]*?\n\n/.exec(page) ?? [];
  const cells = table.split('\n').map((line) => line.split('|')[1] ?? '');
  const named = cells.slice(2).flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(named.toSorted()).toEqual(paths(resultDetailSchema).toSorted());
});

it('the page of events names both', () => {
  for (const type of [DELIVERY_ENDED, PIPELINE_ENDED]) expect(page).toContain(`| \`${type}\` |`);
});
