import webhooks from '@octokit/webhooks-examples';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { type Hookline, startHookline } from '../support/hookline.ts';

let hookline: Hookline;
beforeAll(async () => {
  hookline = await startHookline();
});
afterAll(() => hookline?.remove());

const exampleSchema = z.array(
  z.looseObject({ name: z.string(), examples: z.array(z.looseObject({ deleted: z.boolean().optional() })) }),
);

// The examples' repositories are not on the built-in host, so a pull names that, and a deletion finds the ref gone.
const outcomes: Record<string, string[]> = { ping: ['Pong'], push: ['PullFailed'] };

it("ends every payload of GitHub's documentation in a recorded outcome", async () => {
  const sent: { event: string; deliveryId: string }[] = [];
  for (const { name, examples } of exampleSchema.parse(webhooks)) {
    for (const payload of examples) {
      const { status, deliveryId } = await hookline.deliver(name, payload);
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
}, 240_000);
