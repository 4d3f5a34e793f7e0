import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { synthesize } from '../cli/up/synthesis.ts';
import { type Cost, costOfPush } from '../test/support/cost/push.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const USAGE = `Usage: npm run cost [-- --json]

Pushes to a Hookline on this machine and prints what one push to PipelineStarted takes of everything that AWS bills:
one rule, one small push, functions that are warm. docs/deploy.md has the prices.
`;

const ROWS: readonly [service: string, what: string, read: (cost: Cost) => number][] = [
  ['API Gateway', 'requests', ({ doorRequests }) => doorRequests],
  ['EventBridge', 'events', ({ events }) => events],
  ['Step Functions', 'state transitions', ({ transitions }) => transitions],
  ['Lambda', 'calls', ({ lambdaCalls }) => lambdaCalls],
  ['Lambda', 'milliseconds', ({ lambdaMilliseconds }) => lambdaMilliseconds],
  ['CodeBuild', 'builds', ({ builds }) => builds.length],
  ['CodeBuild', 'seconds', ({ buildSeconds }) => buildSeconds],
  ['DynamoDB', 'write units', ({ writeUnits }) => writeUnits],
  ['DynamoDB', 'read units', ({ readUnits }) => readUnits],
  ['S3', 'PUT, COPY, POST, LIST', ({ s3Writes }) => s3Writes],
  ['S3', 'GET, HEAD', ({ s3Reads }) => s3Reads],
  ['Secrets Manager', 'calls', ({ secretReads }) => secretReads],
  ['CloudWatch Logs', 'bytes', ({ logBytes }) => logBytes],
  ['CodePipeline', 'executions', ({ pipelinesStarted }) => pipelinesStarted],
];

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) process.stdout.write(USAGE);
else await measure(values.json ?? false);

async function measure(json: boolean): Promise<void> {
  // The AWS SDK says of Node 20 what the user has been told by `engines` already.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  if (process.stderr.isTTY) process.stderr.write('two pushes go through a Hookline of their own …\n');
  const { directory } = await synthesize(ROOT);
  const cost = await costOfPush(directory);
  const lines = ROWS.map(([service, what, read]) => `${service.padEnd(17)}${what.padEnd(24)}${read(cost)}\n`);
  process.stdout.write(json ? `${JSON.stringify(cost, null, 2)}\n` : lines.join(''));
}
