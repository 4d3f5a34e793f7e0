import * as z from 'zod';

/** EventBridge with an archive, a rule, and replays that go as far as they are told; `long` is under way already. */
export interface FakeReplays {
  /** answers of the JSON protocol by the call's target */
  readonly operations: Readonly<Record<string, (input: unknown) => object>>;
  /** the name of the last replay */
  readonly name: string;
  /** how much of its span is replayed, from 0 to 1, where it ends by itself */
  reach(done: number): void;
  /** it ends by itself in the moment in which it is cancelled */
  endAtCancel(): void;
}

const ARN = 'arn:aws:events:us-east-1:000000000000';
const HOUR_S = 3600;
const named = z.object({ ReplayName: z.string() });
const started = named.extend({ EventStartTime: z.number(), EventEndTime: z.number() });

const RULE = {
  Name: 'hookline-default',
  Arn: `${ARN}:rule/hookline/hookline-default`,
  State: 'ENABLED',
  EventPattern: '{}',
};

export function fakeReplays(): FakeReplays {
  const now = Date.now() / 1000;
  let replay = { ReplayName: 'long', EventStartTime: now - HOUR_S, EventEndTime: now };
  let at = { state: 'RUNNING', done: 0.25, endsAtCancel: false };
  const missing = (input: unknown): object | undefined =>
    named.parse(input).ReplayName === replay.ReplayName
      ? undefined
      : { __type: 'ResourceNotFoundException', message: 'Replay does not exist.' };
  const described = (): object => ({
    ...replay,
    State: at.state,
    Destination: { Arn: `${ARN}:event-bus/hookline` },
    ReplayStartTime: now,
    EventLastReplayedTime: replay.EventStartTime + (replay.EventEndTime - replay.EventStartTime) * at.done,
  });
  const cancelled = (): object => {
    at.state = at.endsAtCancel ? 'COMPLETED' : at.state;
    if (at.state !== 'RUNNING') return { __type: 'IllegalStatusException', message: `It is ${at.state}.` };
    at.state = 'CANCELLED';
    return described();
  };
  return {
    operations: {
      'AWSEvents.DescribeArchive': () => ({ ArchiveArn: `${ARN}:archive/hookline`, EventCount: 1000 }),
      'AWSEvents.DescribeEventBus': () => ({ Arn: `${ARN}:event-bus/hookline` }),
      'AWSEvents.ListRules': () => ({ Rules: [RULE] }),
      'AWSEvents.StartReplay': (input) => {
        replay = started.parse(input);
        at = { state: 'RUNNING', done: 0, endsAtCancel: false };
        return { State: 'STARTING' };
      },
      'AWSEvents.DescribeReplay': (input) => missing(input) ?? described(),
      'AWSEvents.CancelReplay': (input) => missing(input) ?? cancelled(),
    },
    get name() {
      return replay.ReplayName;
    },
    reach: (done) => {
      at = { ...at, done, state: done === 1 ? 'COMPLETED' : at.state };
    },
    endAtCancel: () => {
      at.endsAtCancel = true;
    },
  };
}
