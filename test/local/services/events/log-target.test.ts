import { afterAll, expect, it, vi } from 'vitest';
import type { Resource } from '../../../../local/core/cloud.ts';
import { makeResource } from '../../../../local/core/gate.ts';
import { eventsService } from '../../../../local/services/events/index.ts';
import { fakeCloud, fakeService, temporaryFolder } from '../../../../local/testing.ts';

const folder = temporaryFolder();
const cloud = fakeCloud(folder.path);
afterAll(async () => {
  await cloud.close();
  folder.remove();
});

it('a log group gets what the template makes of an event, at its time, and the whole event without one', async () => {
  const written: unknown[] = [];
  let rejected = {};
  cloud.add(
    fakeService('logs', {
      CreateLogStream: () => ({}),
      PutLogEvents: (input) => {
        written.push(input);
        return rejected;
      },
    }),
  );
  const events = cloud.add(eventsService(cloud));
  const Arn = 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/x';
  const resource = (Name: string, target: object): Resource => ({
    ...{ stackName: 'T', logicalId: Name, type: 'AWS::Events::Rule', generatedName: Name },
    properties: { Name, EventPattern: { source: [Name] }, Targets: [{ Id: 'log', Arn, ...target }] },
  });
  const InputTransformer = {
    InputPathsMap: { time: '$.time', ref: '$.detail.ref' },
    InputTemplate: '{"timestamp":<time>,"message":"of <ref>"}',
  };
  await makeResource(events, resource('line', { InputTransformer }));
  await makeResource(events, resource('whole', {}));
  await events.start?.();
  const put = (Source: string, ref: string) =>
    cloud.request('events', 'PutEvents', {
      Entries: [{ Source, DetailType: 'x', Time: 1_767_225_600, Detail: JSON.stringify({ ref }) }],
    });
  await put('line', 'main');
  await vi.waitFor(() => expect(written).toHaveLength(1));
  expect(written[0]).toMatchObject({
    logGroupName: '/aws/events/x',
    logEvents: [{ timestamp: 1_767_225_600_000, message: 'of main' }],
  });
  // EventBridge does not escape: a value that breaks the JSON is lost, and is not tried again.
  await put('line', '"}');
  await put('whole', 'dev');
  await vi.waitFor(() => expect(written).toHaveLength(2));
  expect(JSON.stringify(written[1])).toContain('dev');
  expect(cloud.warnings.filter((warning) => warning.includes('of that time'))).toEqual([]);
  rejected = { rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 } };
  await put('line', 'old');
  await vi.waitFor(() => expect(cloud.warnings.at(-1)).toMatch(/rule line: .*of that time.*lost/));
  expect(written).toHaveLength(3);
  await events.stop?.();
});
