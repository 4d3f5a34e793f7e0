import { expect, it } from 'vitest';
import * as z from 'zod';
import { STATUSES } from '../../../functions/report/report.ts';
import { FAILURES } from '../../../statemachine/outcomes.ts';
import { definition } from '../../support/definition.ts';

const next = z.object({ Next: z.string() });
const stateSchema = z.looseObject({
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(next).default([]),
  Catch: z.array(next).default([]),
});

const { States } = z.object({ States: z.record(z.string(), stateSchema) }).parse(definition);

/** Every state that the machine may come to after one. */
function after(name: string, found = new Set<string>()): Set<string> {
  const { Next, Default, Choices = [], Catch = [] } = States[name] ?? {};
  for (const to of [Next, Default, ...[...Choices, ...Catch].map((each) => each.Next)])
    if (to !== undefined && !found.has(to)) after(to, found.add(to));
  return found;
}

it('every outcome that may come after the pending status has a last one', () => {
  const reported = [...after('ReportPending')].filter((name) => name.startsWith('Report '));
  const outcomes = reported.map((name) => name.slice('Report '.length));
  expect(outcomes.length).toBeGreaterThan(5);
  const last = new Set<string>([...Object.keys(STATUSES), ...FAILURES]);
  expect(outcomes.filter((outcome) => !last.has(outcome))).toEqual([]);
});

it('a commit is pending while its pull or its pipeline runs, and green after what ends well alone', () => {
  const states = Object.entries(STATUSES).map(([outcome, [state]]) => [outcome, state]);
  expect(Object.fromEntries(states)).toEqual({
    Pending: 'pending',
    Ignored: 'success',
    Unchanged: 'success',
    Superseded: 'success',
    RefGone: 'success',
    Published: 'success',
    PipelineStarted: 'pending',
  });
});
