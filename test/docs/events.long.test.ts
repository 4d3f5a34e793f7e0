import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { accessOf, readAddress } from '../../cli/outputs/local-address.ts';
import { type AwsCli, awsCli, awsEnvironment } from '../support/aws-cli.ts';
import { ROOT } from '../support/docs/commands.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { type HostRequests, hostRequests } from '../support/host-requests.ts';
import { createRepository, type Repository } from '../support/repository.ts';
import { freePort } from '../support/sshd.ts';

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

/** What a program prints, line by line as it comes. */
function lines(input: Readable): string[] {
  const all: string[] = [];
  createInterface({ input }).on('line', (line) => all.push(line));
  return all;
}

const chatSchema = z.object({ Targets: z.tuple([z.object({ InputTransformer: z.unknown() })]) });

it("the page's chat gets what its rule makes of an event, with the secret of its connection", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-chat-'));
  const port = String(await freePort());
  const [, , , certificate = '', rule = ''] = blocks('sh');
  await execa('sh', ['-ec', certificate], { cwd: folder });
  await writeFile(join(folder, 'chat.mjs'), (blocks('js')[0] ?? '').replace('8443', port));
  const chat = execa(process.execPath, ['chat.mjs'], { cwd: folder, reject: false });
  const printed = lines(chat.stdout);
  const env = { NODE_EXTRA_CA_CERTS: join(folder, 'chat-cert.pem') };
  const up = execa(
    process.execPath,
    ['cli/hookline.mjs', 'up', '--no-demo', '--port', '0', '--data', join(folder, 'data')],
    { cwd: ROOT, env, reject: false },
  );
  const said = lines(up.stdout);
  try {
    await vi.waitFor(() => expect(said.some((line) => line.startsWith('Ctrl-C'))).toBe(true), {
      interval: 200,
    });
    const access = accessOf(await readAddress(join(folder, 'data')));
    const own = await awsCli(access);
    const environment = { env: awsEnvironment(access) };
    await execa('sh', ['-ec', `${own.shell}${rule.replace('8443', port)}`], environment);
    const Detail = JSON.stringify({ pipeline: { name: 'hookline-example', status: 'Failed' } });
    const entry = { EventBusName: 'hookline', Source: 'hookline', DetailType: 'pipeline ended', Detail };
    await own.run('events', 'put-events', '--entries', JSON.stringify([entry]));
    await vi.waitFor(
      () => expect(printed).toEqual(['a-secret-of-the-chat { "text": "hookline-example: Failed" }']),
      { interval: 200 },
    );
    const { Targets } = chatSchema.parse(parse(blocks('yaml')[1] ?? '', { customTags: tags }));
    const [, map = '', template = ''] =
      /"InputPathsMap":(\{[^}]*\}),"InputTemplate":("(?:[^"\\]|\\.)*")/.exec(rule) ?? [];
    expect(Targets[0].InputTransformer).toEqual({
      ...{ InputPathsMap: JSON.parse(map), InputTemplate: JSON.parse(template) },
    });
  } finally {
    up.kill('SIGINT');
    chat.kill();
    await Promise.all([up, chat]);
    await rm(folder, { recursive: true, force: true });
  }
});
