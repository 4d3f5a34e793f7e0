import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ROOT } from '../support/docs/commands.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const { scripts, version } = z
  .object({ scripts: z.record(z.string(), z.string()), version: z.string() })
  .parse(JSON.parse(read('package.json')));

describe('CONTRIBUTING.md', () => {
  const called = [...read('CONTRIBUTING.md').matchAll(/`npm (?:run )?([\w:]+)`/g)].map(([, name]) => name);

  it('names every script of package.json, and no other', () => {
    expect([...new Set(called)].sort()).toEqual(Object.keys(scripts).sort());
  });
});

describe('CHANGELOG.md', () => {
  it('begins with what is not released, and has the version of package.json', () => {
    const versions = [...read('CHANGELOG.md').matchAll(/^## \[([^\]]+)\]/gm)].map(([, name]) => name);
    expect(versions[0]).toBe('Unreleased');
    expect(versions).toContain(version);
  });
});
