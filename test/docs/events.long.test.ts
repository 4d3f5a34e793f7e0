import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { type AwsCli, awsCli, awsEnvironment } from '../support/aws-cli.ts';
import { ROOT } from '../support/docs/commands.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { type HostRequests, hostRequests } from '../support/host-requests.ts';
import { createRepository, type Repository } from '../support/repository.ts';

const PAGE = readFileSync(join(ROOT, 'docs/events.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, block = '']) => block);

/** The rule of the mail, of whose CloudFormation functions nothing is kept but their argument. */
const ruleSchema = z.object({
  Resources: z.object({
    Failed: z.object({
      Properties: z.object({
        EventPattern: z.unknown(),
        Targets: z.tuple([
          z.object({
            InputTransformer: z.object({
              InputPathsMap: z.record(z.string(), z.string()),
              InputTemplate: z.string(),
            }),
          }),
        ]),
      }),
    }),
  }),
});
const tags = ['!Ref', '!GetAtt'].map((tag) => ({ tag, resolve: (text: string) => text }));
const mail = ruleSchema.parse(parse(blocks('yaml')[0] ?? '', { customTags: tags })).Resources.Failed
  .Properties;

const RULES = {
  app: 'match: { event: [push], payload: { repository: { full_name: [acme/app] } } }\npipeline: hookline-example',
};

let hookline: Hookline;
let work: Repository;
let on: HostRequests;
let aws: AwsCli;
beforeAll(async () => {
  [hookline, work] = await Promise.all([startHookline(undefined, { rules: RULES }), createRepository()]);
  on = hostRequests(hookline, work);
  aws = await awsCli(hookline.access);
});
afterAll(async () => {
  await work?.remove();
  await hookline?.remove();
});

const run = async (script: string): Promise<string> =>
  (await execa('sh', ['-ec', `${aws.shell}${script}`], { env: awsEnvironment(hookline.access) })).stdout;

/** What a command of the page would have SQS do: older AWS command lines speak SQS's former protocol, the SDK does not. */
const sqs = async (command: string, operation: string): Promise<unknown> => {
  const [, Policy] = /--attributes '(.*)'$/m.exec(command) ?? [];
  return hookline.runtime.call('sqs', operation, {
    ...(operation === 'CreateQueue' && { QueueName: / --queue-name (\S+) /.exec(command)?.[1] }),
    ...(operation === 'ReceiveMessage' && { QueueUrl: /\/000000000000\/(\w+)"/.exec(command)?.[1] }),
    ...(Policy && { Attributes: JSON.parse(Policy) }),
  });
};
const received = z
  .object({ Messages: z.array(z.object({ Body: z.string() })).default([]) })
  .transform(({ Messages }) => Messages.map(({ Body }) => Body));

const good = () => on.commit('Good');
const bad = () =>
  on.commit('Bad', { 'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [exit 3] } }\n' });
const push = () => on.ended('push', () => on.push('acme/app', 'HEAD:refs/heads/main'));

it("the page's topic tells its queue of a pipeline that fails, and of none that does not", async () => {
  const [queue = '', topic = '', receive = ''] = blocks('sh');
  await sqs(queue, 'CreateQueue');
  await run(topic);
  await good();
  await push();
  const failing = await bad();
  await push();
  const told: string[] = [];
  await vi.waitFor(
    async () => {
      told.push(...received.parse(await sqs(receive, 'ReceiveMessage')));
      expect(told).toEqual([`"hookline-example failed for ${failing} of acme/app, refs/heads/main"`]);
    },
    { interval: 500 },
  );
});

it('that rule has the pattern and the text of the mail', async () => {
  const [, subscribe = ''] = blocks('sh');
  const [, pattern = ''] = /--event-pattern '([^']*)'/.exec(subscribe) ?? [];
  expect(JSON.parse(pattern)).toEqual(mail.EventPattern);
  const [, targets = ''] = /--targets '([^']*)'/.exec(subscribe) ?? [];
  const [{ InputTransformer }] = mail.Targets;
  expect(JSON.parse(targets)[0].InputTransformer).toEqual(InputTransformer);
});
