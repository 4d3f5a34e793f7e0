import * as z from 'zod';

/** EventBridge with an archive, a rule, and replays that go as far as they are told. */
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
const start = named.extend({ EventStartTime: z.number(), EventEndTime: z.number() });

/** The first replay, `long`, is under way. */
export function fakeReplays(): FakeReplays {
  const now = Date.now() / 1000;
  let [replay, state, done, late] = [
    { ReplayName: 'long', EventStartTime: now - HOUR_S, EventEndTime: now },
    'RUNNING',
    0.25,
    false,
  ];
  const describe = (input: unknown): object => {
    const { ReplayName } = named.parse(input);
    if (ReplayName !== replay.ReplayName)
      return { __type: 'ResourceNotFoundException', message: `Replay ${ReplayName} does not exist.` };
    const { EventStartTime: from, EventEndTime: to } = replay;
    const Destination = { Arn: `${ARN}:event-bus/hookline` };
    return {
      ...replay,
      State: state,
      Destination,
      ReplayStartTime: now,
      EventLastReplayedTime: from + (to - from) * done,
    };
  };
  const rule = {
    Name: 'hookline-default',
    Arn: `${ARN}:rule/hookline/hookline-default`,
    State: 'ENABLED',
    EventPattern: '{}',
  };
  return {
    operations: {
      'AWSEvents.DescribeArchive': () => ({ ArchiveArn: `${ARN}:archive/hookline`, EventCount: 1000 }),
      'AWSEvents.DescribeEventBus': () => ({ Arn: `${ARN}:event-bus/hookline` }),
      'AWSEvents.ListRules': () => ({ Rules: [rule] }),
      'AWSEvents.StartReplay': (input) => {
        [replay, state, done, late] = [start.parse(input), 'RUNNING', 0, false];
        return { State: 'STARTING' };
      },
      'AWSEvents.DescribeReplay': describe,
      'AWSEvents.CancelReplay': (input) => {
        const found = describe(input);
        if (late) state = 'COMPLETED';
        if (!('__type' in found) && state !== 'RUNNING')
          return { __type: 'IllegalStatusException', message: `it is ${state}` };
        state = 'CANCELLED';
        return found;
      },
    },
    get name() {
      return replay.ReplayName;
    },
    endAtCancel: () => {
      late = true;
    },
    reach: (now) => {
      [state, done] = [now === 1 ? 'COMPLETED' : state, now];
    },
  };
}
