import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { synthesized } from '../support/infra/synthesized.ts';

const rule = (match: string): string => `description: one\nmatch: ${match}\n`;

it('are in the template with their patterns, as a text where one holds a null, which CloudFormation refuses', async () => {
  const plain = { source: ['hookline'], 'detail-type': ['webhook'], detail: { event: ['push'] } };
  const made = await synthesized(
    {},
    { plain: rule('{ event: [push] }'), null: rule('{ event: [push], payload: { base_ref: [null] } }') },
  );
  await rm(dirname(made.assembly), { recursive: true, force: true });
  const named = made.of('AWS::Events::Rule').map(([, { Properties }]) => Properties.EventPattern);
  expect(named).toContainEqual(plain);
  expect(named).toContainEqual(
    JSON.stringify({ ...plain, detail: { event: ['push'], payload: { base_ref: [null] } } }),
  );
});
