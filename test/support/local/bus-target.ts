import * as z from 'zod';
import type { Service } from '../../../local/core/cloud.ts';
import { openStore } from '../../../local/core/store.ts';
import { type FakeCloud, fakeCloud, temporaryFolder } from '../../../local/testing.ts';

const ARN = 'us-east-1:000000000000';
export const RULE_ARN = `arn:aws:events:${ARN}:rule/told`;
const attributes = z.record(z.string(), z.object({ StringValue: z.string() })).default({});
const received = z
  .object({ Messages: z.array(z.object({ Body: z.string(), MessageAttributes: attributes })).default([]) })
  .transform(({ Messages }) => Messages);

/** Services under policies, with what tries a rule's target: the rule `told`, and queues that calls make. */
export interface BusTarget {
  readonly cloud: FakeCloud;
  /** makes a queue to which this service may send. @returns its ARN */
  queue(name: string, service?: string): Promise<string>;
  /** what is in a queue */
  messages(queue: string): Promise<z.output<typeof received>>;
  /** gives the rule this target alone, whose dead letters are for the queue `dead` */
  target(target: object): Promise<void>;
  /** brings an event to the rule */
  tell(detail: object): Promise<void>;
  close(): Promise<void>;
}

export const allowing = (service: string, Action: string, Resource = '*', more: object = {}): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` }, Action, Resource, ...more },
    ],
  });

export async function busTarget(
  services: readonly ((cloud: FakeCloud) => Service)[],
  path?: string,
): Promise<BusTarget> {
  const folder = path === undefined ? temporaryFolder() : { path, remove: () => undefined };
  const cloud = fakeCloud(folder.path, {}, openStore(folder.path), true);
  for (const service of services.map((make) => cloud.add(make(cloud)))) await service.start?.();
  const queue = async (QueueName: string, service = 'events'): Promise<string> => {
    const Attributes = { Policy: allowing(service, 'sqs:SendMessage') };
    await cloud.request('sqs', 'CreateQueue', { QueueName, Attributes });
    return `arn:aws:sqs:${ARN}:${QueueName}`;
  };
  const deadLetters = await queue('dead');
  await cloud.request('events', 'PutRule', { Name: 'told', EventPattern: '{"source":["test"]}' });
  return {
    cloud,
    queue,
    messages: async (QueueUrl) =>
      received.parse(
        await cloud.request('sqs', 'ReceiveMessage', {
          ...{ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0, MessageAttributeNames: ['All'] },
        }),
      ),
    target: async (target) => {
      const Targets = [{ Id: 'it', DeadLetterConfig: { Arn: deadLetters }, ...target }];
      await cloud.request('events', 'PutTargets', { Rule: 'told', Targets });
    },
    tell: async (detail) => {
      const Entries = [{ Source: 'test', DetailType: 'x', Detail: JSON.stringify(detail) }];
      await cloud.request('events', 'PutEvents', { Entries });
    },
    close: async () => {
      await cloud.close();
      folder.remove();
    },
  };
}
