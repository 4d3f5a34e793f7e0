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

it("the page's rule writes a line for a pipeline that fails, and none for one that does not", async () => {
  const [subscribe = '', read = ''] = blocks('sh');
  await run(subscribe);
  const lines = async () => z.array(z.string()).parse(JSON.parse(await run(read)));

  const good = await on.commit('Good');
  await on.ended('push', () => on.push('acme/app', 'HEAD:refs/heads/main'));
  const bad = await on.commit('Bad', {
    'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [exit 3] } }\n',
  });
  await on.ended('push', () => on.push('acme/app', 'HEAD:refs/heads/main'));
  await vi.waitFor(
    async () =>
      expect(await lines()).toEqual([`hookline-example failed for ${bad} of acme/app, refs/heads/main`]),
    { interval: 500 },
  );
  expect((await lines()).join()).not.toContain(good);
});

it('that rule has the pattern and the text of the mail', async () => {
  const [subscribe = ''] = blocks('sh');
  const [, pattern = ''] = /--event-pattern '([^']*)'/.exec(subscribe) ?? [];
  expect(JSON.parse(pattern)).toEqual(mail.EventPattern);
  const [, targets = ''] = /--targets '([^']*)'/.exec(subscribe) ?? [];
  const { InputPathsMap, InputTemplate } = JSON.parse(targets)[0].InputTransformer;
  const [{ InputTransformer }] = mail.Targets;
  expect(InputPathsMap).toEqual({ time: '$.time', ...InputTransformer.InputPathsMap });
  expect(InputTemplate).toBe(`{"timestamp": <time>, "message": ${InputTransformer.InputTemplate}}`);
});

it('a topic and an API destination are refused by name', async () => {
  const rule = ['--event-bus-name', 'hookline', '--rule', 'results'];
  for (const arn of [
    'arn:aws:sns:us-east-1:000000000000:team',
    'arn:aws:events:us-east-1:000000000000:api-destination/chat/0a1b',
  ]) {
    const put = await aws.run('events', 'put-targets', ...rule, '--targets', `Id=other,Arn=${arn}`);
    expect(put.exitCode).not.toBe(0);
    expect(put.stderr).toContain('UnsupportedOperation');
    expect(put.stderr).toContain(arn);
  }
  const connection = await aws.run(
    ...['events', 'create-connection', '--name', 'chat', '--authorization-type', 'API_KEY'],
    ...['--auth-parameters', 'ApiKeyAuthParameters={ApiKeyName=a,ApiKeyValue=b}'],
  );
  expect(connection.stderr).toMatch(/events:CreateConnection/);
});
