import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Hookline, startHookline } from '../e2e/hookline.ts';
import { awsCli, awsEnvironment } from '../support/aws-cli.ts';
import { commandsOf, ROOT } from './commands.ts';

// What cannot run inside a test, and where it runs instead.
const ELSEWHERE = new Map([
  ['npm ci && npm start', 'the test of npm start below; .ci/run runs npm ci'],
  ['npm ci && npm test', 'this very test; .ci/run runs npm ci'],
  ['npx cdk deploy', 'needs an AWS account; test/infra holds the template to its word'],
]);

let hookline: Hookline;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-readme-'));
  hookline = await startHookline();
  await writeFile(join(folder, 'credentials.json'), '{"github.com": {"token": "a token"}}');
});
afterAll(async () => {
  await hookline?.remove();
  await rm(folder, { recursive: true, force: true });
});

/** The command with this deployment's names in the places that the page leaves to the reader. */
function filledIn(command: string): string {
  const { outputs, data } = hookline;
  return command
    .replaceAll('http://127.0.0.1:4566', outputs.endpointUrl ?? '')
    .replaceAll('CREDENTIALS_SECRET_ARN', outputs.credentialsSecretArn ?? '')
    .replaceAll('WEBHOOK_SECRET_ARN', outputs.webhookSecretArn ?? '')
    .replaceAll('file://credentials.json', `file://${join(folder, 'credentials.json')}`)
    .replace(/^npx hookline .*$/, (line) => `${line} --data ${data}`);
}

describe('a command of the README', () => {
  for (const command of commandsOf('README.md').filter((line) => !ELSEWHERE.has(line))) {
    it(`runs: ${command}`, async () => {
      const aws = command.startsWith('aws ') ? await awsCli(hookline.access.endpoint) : undefined;
      const { exitCode, all } = await execa('bash', ['-c', `${aws?.shell ?? ''}${filledIn(command)}`], {
        cwd: ROOT,
        env: awsEnvironment(hookline.access.endpoint),
        all: true,
        reject: false,
      });
      expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
    });
  }
});

describe('npm start', () => {
  it('shows a push going the whole way, says what to do next, and stops at an interrupt', async () => {
    const data = join(folder, 'data');
    const child = execa(process.execPath, ['cli/hookline.mjs', 'up', '--port', '0', '--data', data], {
      cwd: ROOT,
      reject: false,
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (String(chunk).includes('Ctrl-C stops everything')) child.kill('SIGINT');
    });
    const { exitCode, stdout, stderr } = await child;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const line of [
      /✔ Pull /,
      /PipelineStarted after/,
      /built it by its own buildspec/,
      /s3:\/\/.*\.zip/,
    ])
      expect(stdout).toMatch(line);
  });
});
