import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/docs/commands.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

describe('the runbook', () => {
  it('has a heading for every alarm of the stack', () => {
    const alarms = [...read('infra/alarms.ts').matchAll(/this\.alarm\('(\w+)'/g)].map(([, name]) => name);
    const headings = [...read('docs/operate.md').matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(alarms.length).toBeGreaterThan(3);
    expect(headings).toEqual(expect.arrayContaining(alarms));
  });
});
