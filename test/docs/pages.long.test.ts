import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { awsCli, awsEnvironment } from '../support/aws-cli.ts';
import { runInProcess } from '../support/cli/in-process.ts';
import { commandsOf, ROOT } from '../support/docs/commands.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { addHost } from '../support/other-host.ts';

/** The pages whose commands are run here, in their order. */
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/rules.md',
  'docs/replay.md',
  'docs/operate.md',
  'docs/runbook.md',
  'docs/deploy.md',
  'docs/ghes.md',
  'docs/troubleshooting.md',
];

// What cannot run inside a test, and where it runs instead.
const ELSEWHERE = new Map([
  ['npm ci && npm start', 'readme.long.test.ts; .ci/run runs npm ci'],
  ['npm ci && npm test', 'this very test; .ci/run runs npm ci'],
  ['npm ci', '.ci/run'],
  [
    'npx vitest run --mode long test/docs/readme.long.test.ts',
    'is run beside this file, and by .ci/node-versions',
  ],
  ['npx cdk deploy', 'needs an AWS account; test/infra holds the template to its word'],
  ['npx cdk bootstrap', 'needs an AWS account; it is the CDK’s own'],
  [
    'npx cdk diff',
    'needs an AWS account; hookline doctor compares the templates, test/cli/doctor/doctor.test.ts',
  ],
  ['npx cdk destroy', 'needs an AWS account; test/infra says what the template retains'],
  [
    'aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name Hookline',
    'needs an AWS account: a stack on this machine is deleted with its folder',
  ],
  ['git pull && npm ci', 'changes this very tree'],
  [
    'aws service-quotas get-service-quota --service-code codebuild --quota-code L-1DFDD5F9',
    'needs an AWS account: this machine has no quotas',
  ],
  [
    'aws service-quotas get-service-quota --service-code lambda --quota-code L-B99A9384',
    'needs an AWS account: this machine has no quotas',
  ],
  ['npx hookline hooks create acme/app --stack Hookline', 'needs GitHub; test/cli/hooks/hooks.test.ts'],
  [
    'npx hookline hooks create acme/sandbox --host ghes.example.com --stack Hookline',
    'needs a GitHub Enterprise Server; test/cli/hooks/hooks.test.ts',
  ],
  [
    'npx hookline hooks create acme --host ghes.example.com --stack Hookline',
    'needs a GitHub Enterprise Server; test/cli/hooks/hooks.test.ts',
  ],
  ['npx hookline hooks deliveries OF HOOK', 'needs a webhook of a host; test/cli/hooks/hooks.test.ts'],
  [
    'npx hookline hooks redeliver OF HOOK DELIVERY',
    'needs a webhook of a host; test/cli/hooks/hooks.test.ts',
  ],
  [
    'openssl s_client -connect ghes.example.com:443 -servername ghes.example.com -showcerts < /dev/null',
    'needs a GitHub Enterprise Server; it is OpenSSL’s own',
  ],
  ['aws dynamodb delete-table --table-name DELIVERIES_TABLE', 'needs what a removed stack has left on AWS'],
  [
    'aws secretsmanager delete-secret --secret-id WEBHOOK_SECRET_ARN',
    'needs what a removed stack has left on AWS',
  ],
]);

let hookline: Hookline;
let folder: string;
let delivery: string;
let resultFunction: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-docs-'));
  hookline = await startHookline();
  await writeFile(join(folder, 'credentials.json'), '{"github.com": {"token": "a-token"}}');
  await writeFile(join(folder, 'token.txt'), 'a-token\n');
  await writeFile(join(folder, 'known_hosts'), 'ghes.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5\n');
  await addHost(hookline, 'ghes.example.com', {
    settings: { provider: 'github', url: 'https://ghes.example.com' },
    webhookSecret: 'a webhook secret',
    credentials: {},
  });
  resultFunction = await functionNamed(/^FunctionspipelineresultFunction/);
  await writeFile(join(folder, 'message.json'), JSON.stringify(UNRECORDED));
  delivery = (await hookline.deliver('ping', { zen: 'Read the docs.', hook_id: 1 })).deliveryId;
  await hookline.ended(delivery);
});
afterAll(async () => {
  await hookline?.remove();
  await rm(folder, { recursive: true, force: true });
});

/** What the unrecorded queue has of a pipeline's end that its function failed to record. */
const UNRECORDED = {
  Messages: [
    {
      Body: JSON.stringify({
        requestPayload: {
          time: '2026-01-31T09:00:00Z',
          detail: { pipeline: 'acme', 'execution-id': 'an-execution', state: 'SUCCEEDED' },
        },
      }),
    },
  ],
};

const resourcesSchema = z.object({
  StackResourceSummaries: z.array(
    z.looseObject({ LogicalResourceId: z.string(), PhysicalResourceId: z.string() }),
  ),
});

/** The name of the function of the stack whose logical id is so. */
async function functionNamed(id: RegExp): Promise<string> {
  const { stackName } = hookline.outputs;
  const answer = await hookline.runtime.call('cloudformation', 'ListStackResources', {
    StackName: stackName,
  });
  const found = resourcesSchema.parse(answer).StackResourceSummaries;
  return found.find(({ LogicalResourceId }) => id.test(LogicalResourceId))?.PhysicalResourceId ?? '';
}

// These know of no deployment.
const ALONE = /^npx hookline rules (check|new) /;

// Older AWS command lines speak SQS's former protocol, which the local runtime does not: test/local/services/sqs/sqs.test.ts does the
// same by the SDK.
const isOfQueue = (command: string): boolean => command.startsWith('aws sqs ');

/** The command with this deployment's names in the places that the page leaves to the reader. */
function filledIn(command: string): string {
  const { outputs, data } = hookline;
  return command
    .replaceAll('http://127.0.0.1:4566', outputs.endpointUrl ?? '')
    .replaceAll('ACCESS_KEY', hookline.access.credentials.accessKeyId)
    .replaceAll('SECRET_KEY', hookline.access.credentials.secretAccessKey)
    .replaceAll('WEBHOOK_SECRET_ARN', outputs.webhookSecretArn ?? '')
    .replaceAll('BUCKET', outputs.bucket)
    .replaceAll('FUNCTION_ARN', resultFunction)
    .replaceAll('./message.json', join(folder, 'message.json'))
    .replace(/(?:(?<=> |fileb:\/\/)event|(?<= )answer|(?<=> )payload)\.json/g, (file) => join(folder, file))
    .replaceAll('DELIVERY', delivery)
    .replace(/(?<=< |-f )(?=token\.txt|deploy-key|known_hosts)/, `${folder}/`)
    .replaceAll('file://credentials.json', `file://${join(folder, 'credentials.json')}`)
    .replace(/^npx hookline rules new .*$/, (line) => `${line} --rules ${folder}`)
    .replace(/^npx hookline ((?! < ).)*/, (call) =>
      ALONE.test(`${call} `) ? call : `${call} --data ${data}`,
    );
}

describe('npx', () => {
  it('finds the command, which the others below are run by', async () => {
    const { stdout } = await execa('npx', ['hookline', '--help'], { cwd: ROOT });
    expect(stdout).toContain('Usage: hookline');
  });
});

// Another process is spared where a shell would do no more than split words and open a file.
const PLAIN = /^npx hookline ((?:'[^']*'|[\w ./:=*-])+?)(?: < (\S+))?$/;

/** Runs a command as a reader does. @returns how it ended, and all that it said */
async function run(command: string): Promise<{ exitCode: number | undefined; said: string }> {
  const env = awsEnvironment(hookline.access);
  const filled = filledIn(command);
  const [, words, file] = PLAIN.exec(filled) ?? [];
  if (words !== undefined) {
    const args = (words.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));
    const input = file && (await readFile(file, 'utf8'));
    const { exitCode, stdout, stderr } = await runInProcess(args, { cwd: ROOT, env, input });
    return { exitCode, said: `${stdout}\n${stderr}` };
  }
  const aws = command.startsWith('aws ') ? await awsCli(hookline.access) : undefined;
  const script = `${aws?.shell ?? ''}${filled}`;
  const { exitCode, all } = await execa('bash', ['-c', script], { cwd: ROOT, env, all: true, reject: false });
  return { exitCode, said: all };
}

const known = new Set<string>();

describe.each(PAGES)('a command of %s', (page) => {
  const commands = commandsOf(page);

  it('is there', () => expect(commands.length).toBeGreaterThan(0));

  for (const command of commands) {
    // What an earlier page has too is run once.
    if (ELSEWHERE.has(command) || isOfQueue(command) || known.has(command)) continue;
    known.add(command);
    it(`runs: ${command}`, async () => {
      const { exitCode, said } = await run(command);
      expect({ exitCode, said }).toMatchObject({ exitCode: 0 });
    });
  }
});
