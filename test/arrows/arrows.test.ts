import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';

const ROOT = join(import.meta.dirname, '../..');
const CONFIG = '.dependency-cruiser.cjs';
const ROOMS = [
  'bench',
  'cli',
  'console',
  'events',
  'functions',
  'githost',
  'infra',
  'local',
  'operate',
  'statemachine',
  'test',
];

/** Of each rule one wrong import: the file that has it, and what it imports; at run time where types are let through. */
const WRONG: readonly (readonly [rule: string, file: string, imported: string, atRunTime?: 'at run time'])[] =
  [
    ['no-other-room-in-events', 'events/planted-room.ts', '../operate/format.ts'],
    ['no-other-room-in-statemachine', 'statemachine/planted-room.ts', '../functions/shared/input.ts'],
    ['no-other-room-in-functions', 'functions/claim/planted-room.ts', '../../infra/synth.ts'],
    ['no-other-room-in-functions', 'functions/claim/planted-machine.ts', '../../statemachine/machine.ts'],
    ['no-other-room-in-infra', 'infra/planted-room.ts', '../functions/shared/errors.ts'],
    ['no-other-room-in-local', 'local/core/planted-room.ts', '../../events/delivery.ts'],
    ['no-other-room-in-githost', 'githost/planted-room.ts', '../operate/format.ts'],
    ['no-other-room-in-operate', 'operate/planted-room.ts', '../console/api.ts'],
    ['no-other-room-in-cli', 'cli/planted-room.ts', '../infra/settings.ts'],
    ['no-other-room-in-console-api', 'console/api.ts', '../githost/credential.ts'],
    ['no-other-room-in-console-server', 'console/server/planted-room.ts', '../page/address.ts'],
    ['no-other-room-in-console-page', 'console/page/planted-room.ts', '../server/layout.ts'],
    ['no-other-room-in-bench', 'bench/planted-room.ts', '../githost/credential.ts'],
    ['no-other-package-in-events', 'events/planted-package.ts', 'aws-cdk-lib'],
    ['no-other-package-in-statemachine', 'statemachine/planted-package.ts', '@aws-sdk/client-sfn'],
    ['no-other-package-in-functions', 'functions/claim/planted-package.ts', 'constructs'],
    ['no-other-package-in-infra', 'infra/planted-package.ts', '@aws-sdk/client-s3'],
    ['no-other-package-in-local', 'local/core/planted-package.ts', '@aws-sdk/client-s3'],
    ['no-other-package-in-githost', 'githost/planted-package.ts', 'commander'],
    ['no-other-package-in-operate', 'operate/planted-package.ts', 'fastify'],
    ['no-other-package-in-cli', 'cli/planted-package.ts', 'aws-cdk-lib'],
    ['no-other-package-in-console-api', 'console/api.ts', 'zod'],
    ['no-other-package-in-console-server', 'console/server/planted-package.ts', '@aws-sdk/client-sfn'],
    ['no-other-package-in-console-page', 'console/page/planted-package.ts', 'fastify'],
    ['no-other-package-in-bench', 'bench/planted-package.ts', 'fastify'],
    ['no-lambda-to-lambda', 'functions/overflow/planted-lambda.ts', '../claim/claim.ts'],
    ['no-node-in-page', 'console/page/parts/planted-node.ts', 'node:fs'],
    [
      'only-types-into-page',
      'console/page/planted-value.ts',
      '../../operate/connection/connection.ts',
      'at run time',
    ],
    ['only-types-into-what-page-carries', 'operate/format.ts', './days.ts', 'at run time'],
    ['only-the-face-of-local', 'cli/planted-inside.ts', '../local/services/s3/blobs.ts'],
    ['no-service-to-service', 'local/services/s3/planted-service.ts', '../sqs/tables.ts'],
    ['no-circular', 'events/planted-circle.ts', './planted-circle-back.ts'],
    ['no-circular', 'events/planted-circle-back.ts', './planted-circle.ts'],
    ['not-to-test', 'cli/planted-test.ts', '../test/support/zip.ts'],
    ['harnesses-in-test-support', 'test/cli/planted-harness.ts', '../e2e/door.test.ts'],
  ];

const checkSchema = z.object({
  modules: z.array(
    z.object({
      source: z.string(),
      dependencies: z.array(
        z.object({
          protocol: z.string().default(''),
          module: z.string(),
          rules: z.array(z.object({ name: z.string() })).default([]),
        }),
      ),
    }),
  ),
  summary: z.object({
    ruleSetUsed: z.object({ forbidden: z.array(z.object({ name: z.string() })) }),
  }),
});

describe('the check of arrows', () => {
  const copy = mkdtempSync(join(tmpdir(), 'hookline-arrows-'));
  let check: z.infer<typeof checkSchema>;

  beforeAll(async () => {
    copySources(copy);
    for (const [, file, imported, atRunTime] of WRONG)
      appendFileSync(
        join(copy, file),
        atRunTime ? `import '${imported}';\n` : `import type * as _ from '${imported}';\n`,
      );
    const { stdout } = await execa(
      'node_modules/.bin/depcruise',
      ['--config', CONFIG, '--output-type', 'json', ...ROOMS],
      { cwd: copy, reject: false },
    );
    check = checkSchema.parse(JSON.parse(stdout));
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  it.each(WRONG)('names %s, and no other rule, where %s imports %s', (rule, file, imported) => {
    const imports = check.modules.find(({ source }) => source === file)?.dependencies ?? [];
    const rules = imports
      .filter(({ protocol, module }) => protocol + module === imported)
      .flatMap((wrong) => wrong.rules);
    expect(rules.map(({ name }) => name)).toEqual([rule]);
  });

  it('has a wrong import for each of its rules', () => {
    const names = check.summary.ruleSetUsed.forbidden.map(({ name }) => name);
    expect([...new Set(WRONG.map(([rule]) => rule))].sort()).toEqual(names.sort());
  });
});

/** Copies what the check reads: the rooms without what is built in them, and its own settings; packages are linked. */
function copySources(folder: string): void {
  const isSource = (path: string): boolean => !/\/(dist|node_modules|cdk\.out)$/.test(path);
  for (const name of [...ROOMS, CONFIG, 'package.json', 'tsconfig.json'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true, filter: isSource });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}
