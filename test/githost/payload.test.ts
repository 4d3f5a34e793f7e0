import type {
  CreateEvent,
  DeleteEvent,
  IssueCommentEvent,
  Label,
  PingEvent,
  PullRequest,
  PushEvent,
} from '@octokit/webhooks-types';
import { describe, expectTypeOf, it } from 'vitest';
import type { createPayload, deletePayload, pushPayload } from '../../githost/payload/events.ts';
import type { hookPayload } from '../../githost/payload/hook.ts';
import type { commentPayload, issuePayload } from '../../githost/payload/issue.ts';
import type { labelPayload, pullPayload } from '../../githost/payload/pull.ts';

describe('the git host', () => {
  it("has payloads of GitHub's shapes", () => {
    expectTypeOf<ReturnType<typeof pushPayload>>().toExtend<PushEvent>();
    expectTypeOf<ReturnType<typeof createPayload>>().toExtend<CreateEvent>();
    expectTypeOf<ReturnType<typeof deletePayload>>().toExtend<DeleteEvent>();
    expectTypeOf<ReturnType<typeof pullPayload>>().toExtend<PullRequest>();
    expectTypeOf<ReturnType<typeof labelPayload>>().toExtend<Label>();
    expectTypeOf<ReturnType<typeof issuePayload>>().toExtend<IssueCommentEvent['issue']>();
    expectTypeOf<ReturnType<typeof commentPayload>>().toExtend<IssueCommentEvent['comment']>();
    expectTypeOf<Omit<ReturnType<typeof hookPayload>, 'events'>>().toExtend<
      Omit<PingEvent['hook'], 'events'>
    >();
  });
});
