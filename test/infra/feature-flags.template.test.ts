import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ROOT } from '../support/docs/commands.ts';

const flagsSchema = z.record(z.string(), z.unknown());
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

// Where Hookline differs: it is deployed to the commercial Regions, and policies for China would only make it longer.
const OURS = { '@aws-cdk/core:target-partitions': ['aws'] };

describe('the CDK’s feature flags in cdk.json', () => {
  it('are those that the CDK recommends for a new app, each of them: a new one is looked at when it comes', () => {
    const { context } = z.object({ context: flagsSchema }).parse(read(join(ROOT, 'cdk.json')));
    const { hookline: _, ...flags } = context;
    const recommended = createRequire(import.meta.url).resolve('aws-cdk-lib/recommended-feature-flags.json');
    expect(flags).toEqual({ ...flagsSchema.parse(read(recommended)), ...OURS });
  });
});
