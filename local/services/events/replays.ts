import * as z from 'zod';
import { AwsError } from '../../core/aws-error.ts';
import { pageOf } from '../../core/paging.ts';
import { pageMembers } from './lists.ts';
import type { ReplayRunner } from './replay-runner.ts';
import { arnOf, busName, busOf, type Replay, type State, throwNotFound } from './tables.ts';
import { seconds, timestamp } from './time.ts';

const name = z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/, 'a replay name holds 1 to 64 of A-Z a-z 0-9 . - _');

export const startInput = z.strictObject({
  ReplayName: name,
  Description: z.string().max(512).optional(),
  EventSourceArn: z.string(),
  EventStartTime: timestamp,
  EventEndTime: timestamp,
  Destination: z.strictObject({ Arn: z.string(), FilterArns: z.array(z.string()).default([]) }),
});

/** The input of an operation on one replay. */
export const replayReference = z.strictObject({ ReplayName: name });

/** @throws ResourceAlreadyExistsException, ResourceNotFoundException, ValidationException, as EventBridge does */
export async function startReplay(state: State, runner: ReplayRunner, input: z.infer<typeof startInput>) {
  const replay = replayFrom(state, input);
  await state.cloud.store.transaction(() => {
    if (state.replays.get(replay.name))
      throw new AwsError('ResourceAlreadyExistsException', `Replay ${replay.name} already exists.`);
    void state.replays.put(replay.name, replay);
  });
  runner.run(replay.name);
  return {
    ReplayArn: arnOf(state.cloud, `replay/${replay.name}`),
    State: replay.state,
    ReplayStartTime: seconds(replay.started),
  };
}

function replayFrom(state: State, given: z.infer<typeof startInput>): Replay {
  const { ReplayName, Description, EventSourceArn, EventStartTime, EventEndTime, Destination } = given;
  const archiveName = EventSourceArn.replace(/^arn:.*:archive\//, '');
  const archive = state.archives.get(archiveName);
  if (!archive) throw invalid('EventSourceArn', `Archive ${archiveName} does not exist.`);
  const bus = busOf(state, busName(Destination.Arn));
  if (bus.name !== archive.bus)
    throw invalid(
      'Destination.Arn',
      `the archive ${archive.name} is of event bus ${archive.bus}, not ${bus.name}`,
    );
  if (EventStartTime >= EventEndTime)
    throw invalid('EventEndTime', 'EventStartTime must be before EventEndTime.');
  const rules = [...state.rules.values()].filter((rule) => rule.bus === bus.name);
  const stray = Destination.FilterArns.find((arn) => !rules.some((rule) => rule.arn === arn));
  if (stray) throw invalid('Destination.FilterArns', `${stray} is not a rule of event bus ${bus.name}`);
  return {
    name: ReplayName,
    archive: archive.name,
    bus: bus.name,
    description: Description,
    filter: Destination.FilterArns,
    from: EventStartTime,
    to: EventEndTime,
    state: 'STARTING',
    started: Date.now(),
  };
}

/** Cancels a replay. Events that are on their way already are not called back, as with EventBridge. */
export async function cancelReplay(state: State, { ReplayName }: z.infer<typeof replayReference>) {
  const replay = await state.cloud.store.transaction(() => {
    const found = replayOf(state, ReplayName);
    if (found.state !== 'STARTING' && found.state !== 'RUNNING')
      throw new AwsError(
        'IllegalStatusException',
        `Replay ${ReplayName} is not in a valid state for this operation.`,
      );
    const cancelled: Replay = { ...found, state: 'CANCELLED', ended: Date.now() };
    void state.replays.put(ReplayName, cancelled);
    return cancelled;
  });
  return { ReplayArn: arnOf(state.cloud, `replay/${ReplayName}`), State: replay.state };
}

export function describeReplay(state: State, { ReplayName }: z.infer<typeof replayReference>) {
  const replay = replayOf(state, ReplayName);
  return {
    ...summary(state, replay),
    ReplayArn: arnOf(state.cloud, `replay/${replay.name}`),
    Description: replay.description,
    Destination: { Arn: arnOf(state.cloud, `event-bus/${replay.bus}`), FilterArns: replay.filter },
  };
}

export const listInput = z.strictObject({
  NamePrefix: z.string().default(''),
  State: z.string().optional(),
  EventSourceArn: z.string().optional(),
  ...pageMembers,
});

export function listReplays(state: State, input: z.infer<typeof listInput>) {
  const { NamePrefix, State, EventSourceArn, Limit, NextToken } = input;
  const replays = [...state.replays.entries()]
    .map(({ value }) => summary(state, value))
    .filter((replay) => replay.ReplayName.startsWith(NamePrefix))
    .filter((replay) => !State || replay.State === State)
    .filter((replay) => !EventSourceArn || replay.EventSourceArn === EventSourceArn);
  const { items, next } = pageOf(replays, ({ ReplayName }) => ReplayName, { limit: Limit, after: NextToken });
  return { Replays: items, NextToken: next };
}

function replayOf(state: State, replayName: string): Replay {
  return state.replays.get(replayName) ?? throwNotFound(`Replay ${replayName} does not exist.`);
}

function summary(state: State, replay: Replay) {
  return {
    ReplayName: replay.name,
    EventSourceArn: arnOf(state.cloud, `archive/${replay.archive}`),
    State: replay.state,
    StateReason: replay.reason,
    EventStartTime: seconds(replay.from),
    EventEndTime: seconds(replay.to),
    EventLastReplayedTime: seconds(replay.cursor?.[0]),
    ReplayStartTime: seconds(replay.started),
    ReplayEndTime: seconds(replay.ended),
  };
}

function invalid(parameter: string, reason: string): AwsError {
  return new AwsError('ValidationException', `Parameter ${parameter} is not valid. Reason: ${reason}`);
}
