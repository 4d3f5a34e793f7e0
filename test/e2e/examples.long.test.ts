import webhooks from '@octokit/webhooks-examples';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { type Hookline, startHookline } from '../support/hookline.ts';

let hookline: Hookline;
beforeAll(async () => {
  hookline = await startHookline(undefined, { rules: { every: 'match: { provider: [github] }' } });
});
afterAll(async () => {
  await hookline?.remove();
});

const exampleSchema = z.array(
  z.looseObject({ name: z.string(), examples: z.array(z.looseObject({ deleted: z.boolean().optional() })) }),
);

// The examples' repositories are not on the built-in host, so a pull names that, and a deletion finds the ref gone.
const outcomes: Record<string, string[]> = { ping: ['Pong'], push: ['PullFailed'] };

/** Delivers again while the door's throttle says 429, as a host would: the payloads are more than its burst. */
const taken = (name: string, payload: Record<string, unknown>) =>
  vi.waitFor(
    async () => {
      const delivered = await hookline.deliver(name, payload);
      expect(delivered.status).not.toBe(429);
      return delivered;
    },
    { interval: 200 },
  );

it("ends every payload of GitHub's documentation in a recorded outcome", async () => {
  const sent: { event: string; deliveryId: string }[] = [];
  for (const { name, examples } of exampleSchema.parse(webhooks)) {
    for (const payload of examples) {
      const { status, deliveryId } = await taken(name, payload);
      expect({ name, status }).toEqual({ name, status: 202 });
      sent.push({ event: name, deliveryId });
    }
  }
  expect(sent.length).toBeGreaterThan(300);
  for (const { event, deliveryId } of sent) {
    const [ended] = await hookline.ended(deliveryId);
    expect({ event, outcome: ended?.outcome }).toEqual({
      event,
      outcome: expect.toBeOneOf(outcomes[event] ?? ['Ignored']),
    });
  }
});
