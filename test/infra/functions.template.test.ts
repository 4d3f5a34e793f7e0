import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LEASE_MS } from '../../functions/shared/lease.ts';
import { COPY_SECONDS, REPORT_SECONDS, START_SECONDS } from '../../statemachine/states.ts';
import { TAKE_DOWN_SECONDS } from '../../statemachine/take-down.ts';
import { pathOf } from '../support/aws/template.ts';
import { ROOT } from '../support/docs/commands.ts';
import { templateOf } from '../support/variants/synthesized.ts';

/** The seconds that each function may take. */
const timeouts: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(templateOf('the example rules').Resources).flatMap(([id, resource]) => {
    const [, name] = /\/([\w-]+)\/Function\/Resource$/.exec(pathOf(id, resource)) ?? [];
    return name && resource.Type === 'AWS::Lambda::Function' ? [[name, resource.Properties.Timeout]] : [];
  }),
);

const FUNCTIONS = join(ROOT, 'functions');
const takesLease = (folder: string): boolean =>
  readdirSync(join(FUNCTIONS, folder))
    .filter((name) => name.endsWith('.ts'))
    .some((name) => readFileSync(join(FUNCTIONS, folder, name), 'utf8').includes('withLease('));

it('a function has the time that its work takes', () => {
  expect(timeouts).toMatchObject({
    publish: COPY_SECONDS,
    retire: COPY_SECONDS,
    'start-pipeline': START_SECONDS,
    'take-down': TAKE_DOWN_SECONDS,
    report: REPORT_SECONDS,
    'record-end': REPORT_SECONDS,
    'pipeline-result': REPORT_SECONDS,
  });
});

it('a function that holds the lease of a ref is at an end before its lease is', () => {
  const holders = readdirSync(FUNCTIONS).filter((folder) => folder !== 'shared' && takesLease(folder));
  expect(holders).toEqual(['start-pipeline', 'sweep', 'take-down']);
  // Sweep takes a lease for each of the pipelines that it ends, one after the other.
  for (const name of holders.filter((holder) => holder !== 'sweep'))
    expect([name, Number(timeouts[name]) * 1000 < LEASE_MS]).toEqual([name, true]);
});
