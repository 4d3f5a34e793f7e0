import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeResource } from '../../../../local/core/gate.ts';
import { logsService } from '../../../../local/services/logs/index.ts';
import { type FakeCloud, fakeCloud, temporaryFolder } from '../../../../local/testing.ts';

const DAY = 86_400_000;
const folder = temporaryFolder();
let cloud: FakeCloud;

beforeEach(async () => {
  cloud = fakeCloud(`${folder.path}/${expect.getState().currentTestName?.replaceAll(/\W/g, '-')}`);
  cloud.add(logsService(cloud));
  await cloud.request('logs', 'CreateLogGroup', { logGroupName: '/a' });
  for (const logStreamName of ['one', 'two'])
    await cloud.request('logs', 'CreateLogStream', { logGroupName: '/a', logStreamName });
  return () => cloud.close();
});

afterAll(() => folder.remove());

// A minute ago: Logs takes nothing that is too old.
const base = Date.now() - 60_000;

/** Puts events at these milliseconds after `base`. */
const put = (logStreamName: string, ...events: [after: number, message: string][]) =>
  cloud.request('logs', 'PutLogEvents', {
    logGroupName: '/a',
    logStreamName,
    logEvents: events.map(([after, message]) => ({ timestamp: base + after, message })),
  });

const filter = (input: object = {}) =>
  cloud.request('logs', 'FilterLogEvents', { logGroupName: '/a', ...input });
const get = (input: object = {}) =>
  cloud.request('logs', 'GetLogEvents', { logGroupName: '/a', logStreamName: 'one', ...input });
const messages = (answer: unknown) =>
  (answer as { events: { message: string }[] }).events.map((e) => e.message);
const token = (answer: unknown, name: string) => (answer as Record<string, string>)[name];

describe('logs', () => {
  it('gives the newest first when asked, page by page', async () => {
    await put('one', [10, 'a'], [30, 'c']);
    await put('two', [20, 'b'], [30, 'd']);
    const newest = { startFromHead: false, startTime: base };
    expect(messages(await filter(newest))).toEqual(['d', 'c', 'b', 'a']);
    expect(messages(await filter({ ...newest, startTime: base + 20, endTime: base + 29 }))).toEqual(['b']);
    const first = await filter({ ...newest, limit: 3 });
    const nextToken = token(first, 'nextToken');
    // The token knows its direction.
    expect(messages(await filter({ startTime: base, nextToken }))).toEqual(['a']);
    await expect(filter({ startFromHead: false })).rejects.toThrow(/before 2024/);
  });

  it('interleaves the streams of a group by time', async () => {
    await put('one', [10, 'a'], [30, 'c']);
    await put('two', [20, 'b'], [40, 'd']);
    expect(messages(await filter())).toEqual(['a', 'b', 'c', 'd']);
    expect(messages(await filter({ startTime: base + 20, endTime: base + 30 }))).toEqual(['b', 'c']);
    expect(messages(await filter({ logStreamNames: ['two'] }))).toEqual(['b', 'd']);
  });

  it('keeps the order of events of the same millisecond', async () => {
    await put('one', [10, 'a'], [10, 'b'], [10, 'c']);
    expect(messages(await filter())).toEqual(['a', 'b', 'c']);
    expect(messages(await get({ startFromHead: true }))).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['', ['an ERROR here', 'all is well', 'ERROR not found']],
    ['ERROR', ['an ERROR here', 'ERROR not found']],
    ['"not found"', ['ERROR not found']],
    ['?well ?here', ['an ERROR here', 'all is well']],
    ['ERROR -found', ['an ERROR here']],
  ])('filters by the pattern %s', async (filterPattern, expected) => {
    await put('one', [1, 'an ERROR here'], [2, 'all is well'], [3, 'ERROR not found']);
    expect(messages(await filter({ filterPattern }))).toEqual(expected);
  });

  it('refuses a pattern on JSON by name', async () => {
    await expect(filter({ filterPattern: '{ $.a = 1 }' })).rejects.toThrow('the filter pattern { $.a = 1 }');
  });

  it('pages a group without a gap or a repeat', async () => {
    await put('one', [1, 'a'], [1, 'b'], [2, 'c']);
    const first = await filter({ limit: 2 });
    expect(messages(first)).toEqual(['a', 'b']);
    expect(messages(await filter({ limit: 2, nextToken: token(first, 'nextToken') }))).toEqual(['c']);
  });

  it('pages a stream forward until the token stays the same', async () => {
    await put('one', [1, 'a'], [2, 'b'], [3, 'c']);
    const first = await get({ limit: 2, startFromHead: true });
    const second = await get({ limit: 2, nextToken: token(first, 'nextForwardToken') });
    const third = await get({ limit: 2, nextToken: token(second, 'nextForwardToken') });
    expect([first, second, third].map(messages)).toEqual([['a', 'b'], ['c'], []]);
    expect(token(third, 'nextForwardToken')).toBe(token(second, 'nextForwardToken'));
  });

  it('pages a stream backward from its end', async () => {
    await put('one', [1, 'a'], [2, 'b'], [3, 'c']);
    const last = await get({ limit: 2 });
    const before = await get({ limit: 2, nextToken: token(last, 'nextBackwardToken') });
    expect([last, before].map(messages)).toEqual([['b', 'c'], ['a']]);
  });

  it('shows what arrived after the last page with the same token', async () => {
    await put('one', [1, 'a']);
    const first = await get({ startFromHead: true });
    await put('one', [2, 'b']);
    expect(messages(await get({ nextToken: token(first, 'nextForwardToken') }))).toEqual(['b']);
  });

  it('names what is not there', async () => {
    await expect(filter({ logGroupName: '/none' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: expect.stringContaining('/none'),
    });
    await expect(put('three', [1, 'a'])).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('refuses a second group or stream of the same name', async () => {
    const again = { code: 'ResourceAlreadyExistsException' };
    await expect(cloud.request('logs', 'CreateLogGroup', { logGroupName: '/a' })).rejects.toMatchObject(
      again,
    );
    const stream = { logGroupName: '/a', logStreamName: 'one' };
    await expect(cloud.request('logs', 'CreateLogStream', stream)).rejects.toMatchObject(again);
  });

  it('lists the streams by their last event', async () => {
    await put('two', [1, 'a']);
    await put('one', [2, 'b']);
    const input = { logGroupName: '/a', orderBy: 'LastEventTime', descending: true };
    expect(await cloud.request('logs', 'DescribeLogStreams', input)).toMatchObject({
      logStreams: [{ logStreamName: 'one', lastEventTimestamp: base + 2 }, { logStreamName: 'two' }],
    });
  });

  it('drops at start what is past the retention of its group, and keeps the rest', async () => {
    const service = cloud.add(logsService(cloud));
    await put('one', [-3 * DAY, 'old']);
    await put('one', [0, 'new']);
    await makeResource(service, {
      stackName: 'S',
      logicalId: 'L',
      type: 'AWS::Logs::LogGroup',
      generatedName: 'S-L',
      properties: { LogGroupName: '/a', RetentionInDays: 1 },
    });
    await service.start?.();
    await vi.waitFor(async () => expect(messages(await filter())).toEqual(['new']));
    expect(messages(await get())).toEqual(['new']);
  });

  it('keeps nothing that is older than 14 days or two hours ahead, and says where in the batch that is', async () => {
    expect(await put('one', [-14 * DAY - 60_000, 'old'], [-14 * DAY + 120_000, 'kept'])).toMatchObject({
      rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 },
    });
    const ahead = 2 * 3_600_000 + 60_000;
    expect(await put('one', [0, 'now'], [ahead - 10_000, 'soon'], [ahead + 30_000, 'late'])).toMatchObject({
      rejectedLogEventsInfo: { tooNewLogEventStartIndex: 2 },
    });
    expect(messages(await filter())).toEqual(['kept', 'now', 'soon']);
    expect(await put('two', [0, 'a'])).not.toHaveProperty('rejectedLogEventsInfo');
  });

  it('keeps nothing that is past the retention of its group', async () => {
    await cloud.request('logs', 'PutRetentionPolicy', { logGroupName: '/a', retentionInDays: 1 });
    expect(await put('one', [-DAY, 'expired'], [0, 'new'])).toMatchObject({
      rejectedLogEventsInfo: { expiredLogEventEndIndex: 1 },
    });
    expect(messages(await filter())).toEqual(['new']);
  });

  it('refuses a batch of more than 24 hours', async () => {
    await put('one', [-DAY, 'a'], [0, 'b']);
    await expect(put('one', [-DAY - 1, 'a'], [0, 'b'])).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: expect.stringContaining('24 hours'),
    });
  });

  it('has every event after the process is gone', async () => {
    await put('one', [1, 'a']);
    const path = `${folder.path}/${expect.getState().currentTestName?.replaceAll(/\W/g, '-')}`;
    await cloud.close();
    cloud = fakeCloud(path);
    cloud.add(logsService(cloud));
    await put('one', [1, 'b']);
    expect(messages(await filter())).toEqual(['a', 'b']);
  });
});
