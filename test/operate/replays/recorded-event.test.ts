import webhooks from '@octokit/webhooks-examples';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { RouteOptions } from '../../../events/decision.ts';
import { receivers } from '../../../events/providers/receivers.ts';
import { deliveryFor } from '../../../events/pull-request-route.ts';
import { decideRoute } from '../../../events/route.ts';
import { rowSchema } from '../../../operate/deliveries/row.ts';
import { mayIgnore, recordedEvent } from '../../../operate/replays/recorded-event.ts';
import { valuesAtPaths } from '../../../operate/rules/values-at.ts';

const rule: RouteOptions = { asksFor: ['push', 'ping', 'pull_request'] };
const host = 'github.com';
const deliveryId = 'd1';
const at = '2026-01-31T09:00:00Z';

/** The record of a delivery as Claim writes it. */
function claimed(event: string, payload: unknown) {
  const body = Buffer.from(JSON.stringify(payload));
  const { delivery } = receivers.github.read({ host, event, deliveryId }, body);
  const { repository, ref } = delivery;
  const record = { repository: repository?.fullName, ref };
  const times = { receivedAt: at, claimedAt: at, updatedAt: at };
  const row = rowSchema.parse({
    ...{ id: 'id', executionArn: 'arn', rule: 'a', host, event, deliveryId },
    ...record,
    ...times,
  });
  return { delivery, row };
}

const exampleSchema = z.array(z.object({ name: z.string(), examples: z.array(z.unknown()) }));
const examples = exampleSchema
  .parse(webhooks)
  .flatMap(({ name, examples }) => examples.map((payload) => ({ name, payload })));
const known = examples.filter(({ name }) => name === 'push' || name === 'ping');

describe('what a record has of its event', () => {
  it.each(known)('is as the payload of a $name has it', ({ name, payload }) => {
    const { row } = claimed(name, payload);
    const found = recordedEvent(row);
    const whole = { host, event: name, deliveryId, headers: { event: name, delivery: deliveryId }, payload };
    const pattern = {
      ...{ host: [], event: [], deliveryId: [], headers: { event: [], delivery: [] } },
      payload: { ref: [], repository: { full_name: [] } },
    };
    expect(valuesAtPaths(found?.event.detail, pattern)).toEqual(valuesAtPaths(whole, pattern));
    for (const { path } of valuesAtPaths(whole, pattern)) expect(found?.knows?.(path)).toBe(true);
    expect(found?.knows?.('payload.sender.login')).toBe(false);
  });

  it.each(known)('is enough for a rule without filters, which ignores no $name', ({ name, payload }) => {
    const { delivery } = claimed(name, payload);
    expect(mayIgnore(rule)).toBe(false);
    expect(decideRoute(rule, deliveryFor(rule, delivery), undefined).route).not.toBe('ignored');
  });

  it('is not told of another event, of a ref that nothing builds, and of what was not verified', () => {
    const { row } = claimed('push', known.find(({ name }) => name === 'push')?.payload);
    expect(recordedEvent(row)).toBeDefined();
    expect(recordedEvent({ ...row, event: 'create' })).toBeUndefined();
    expect(recordedEvent({ ...row, ref: 'refs/notes/commits' })).toBeUndefined();
    expect(recordedEvent({ ...row, claimedAt: '' })).toBeUndefined();
  });

  const filters: Partial<RouteOptions>[] = [
    { paths: ['src/**'] },
    { 'paths-ignore': ['docs/**'] },
    { skip: ['ci-words'] },
  ];
  it.each(filters)('is not enough for a rule with %j', (filter) =>
    expect(mayIgnore({ ...rule, ...filter })).toBe(true),
  );
});
