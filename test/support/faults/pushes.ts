import { setTimeout as wait } from 'node:timers/promises';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import * as z from 'zod';
import type { Ended } from '../ended.ts';
import type { Hookline } from '../hookline.ts';
import type { Repository } from '../repository.ts';
import type { Row } from './rows.ts';

/** Pushes the work tree's commit to `main`. @returns the id of the delivery */
export async function pushTo(hookline: Hookline, repository: Repository, name: string): Promise<string> {
  const before = hookline.gitHost.deliveries().length;
  const url = new URL(`${hookline.outputs.gitUrl}/${name}.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', '--force', url.href, 'HEAD:refs/heads/main');
  const push = hookline.gitHost
    .deliveries()
    .slice(before)
    .find(({ event }) => event === 'push');
  if (!push) throw new Error(`the push to ${name} made no delivery`);
  return push.id;
}

const hostsSchema = z.record(z.string(), z.looseObject({ url: z.string() }));

/** Has the pulls ask at this address for every host. */
export async function pullsFrom({ outputs, access }: Hookline, url: string): Promise<void> {
  const ssm = new SSMClient(access);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: outputs.hostsParameter }));
  const hosts = hostsSchema.parse(JSON.parse(Parameter?.Value ?? ''));
  const moved = Object.fromEntries(Object.entries(hosts).map(([name, host]) => [name, { ...host, url }]));
  const Value = JSON.stringify(moved);
  await ssm.send(new PutParameterCommand({ Name: outputs.hostsParameter, Value, Overwrite: true }));
  ssm.destroy();
}

const listSchema = z.object({ executions: z.array(z.looseObject({ executionArn: z.string() })) });
const describedSchema = z.looseObject({ input: z.string() });
const historySchema = z.object({
  events: z.array(z.looseObject({ stateEnteredEventDetails: z.looseObject({ name: z.string() }).nullish() })),
});

/** Resolves once the execution of a delivery, which runs, has gone to its pull so often. */
export async function pulls({ runtime, outputs }: Hookline, delivery: string, count: number): Promise<void> {
  const { stateMachineArn } = outputs;
  for (;;) {
    const list = await runtime.call('states', 'ListExecutions', { stateMachineArn, statusFilter: 'RUNNING' });
    for (const { executionArn } of listSchema.parse(list).executions) {
      const described = await runtime.call('states', 'DescribeExecution', { executionArn });
      if (!describedSchema.parse(described).input.includes(delivery)) continue;
      const history = await runtime.call('states', 'GetExecutionHistory', { executionArn, maxResults: 1000 });
      const { events } = historySchema.parse(history);
      const names = events.map(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name);
      if (names.filter((name) => name === 'Pull').length >= count) return;
    }
    await wait(LOOK_MS);
  }
}

const LOOK_MS = 200;

/** A delivery ended as its row says, and nothing of it runs any more. */
export async function expectRow(hookline: Hookline, delivery: string, row: Row): Promise<Ended> {
  const [ended, ...others] = await hookline.ended(delivery);
  expect(others).toEqual([]);
  if (!ended) throw new Error(`the delivery ${delivery} has no execution`);
  const { outcome, error, states } = ended;
  const builds = states.filter((name) => name === 'Pull').length;
  expect({ outcome, error, builds }, JSON.stringify(ended.output)).toEqual({
    outcome: row.outcome,
    error: row.error,
    builds: row.builds ?? 1,
  });
  return ended;
}
