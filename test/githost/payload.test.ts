import type { CreateEvent, DeleteEvent, PingEvent, PushEvent } from '@octokit/webhooks-types';
import { describe, expectTypeOf, it } from 'vitest';
import type { createPayload, deletePayload, pushPayload } from '../../githost/payload/events.ts';
import type { hookPayload } from '../../githost/payload/hook.ts';

describe('the git host', () => {
  it("has payloads of GitHub's shapes", () => {
    expectTypeOf<ReturnType<typeof pushPayload>>().toExtend<PushEvent>();
    expectTypeOf<ReturnType<typeof createPayload>>().toExtend<CreateEvent>();
    expectTypeOf<ReturnType<typeof deletePayload>>().toExtend<DeleteEvent>();
    expectTypeOf<Omit<ReturnType<typeof hookPayload>, 'events'>>().toExtend<
      Omit<PingEvent['hook'], 'events'>
    >();
  });
});
