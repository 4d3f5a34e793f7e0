import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ANYBODY, awsEnvironment } from '../../support/aws-cli.ts';
import { COMMAND } from '../../support/cli/command.ts';
import { type FakeAws, STACK, startFakeAws } from '../../support/fake-aws.ts';

const EXECUTION = 'arn:aws:states:us-east-1:000000000000:execution:machine:';

let aws: FakeAws;
let ask: (path: string, body?: object) => Promise<Response>;
let stop: () => Promise<unknown>;
beforeAll(async () => {
  aws = await startFakeAws(0);
  const child = execa(process.execPath, [COMMAND, 'console', '--stack', STACK, '--json'], {
    env: awsEnvironment({ endpoint: aws.endpoint, ...ANYBODY }),
    reject: false,
  });
  stop = async () => {
    child.kill('SIGINT');
    await child;
  };
  ask = await new Promise((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(asking(line.toString())));
    child.once('close', () => reject(new Error('the console has ended')));
  });
});
afterAll(async () => {
  await stop?.();
  await aws?.close();
});

/** Asks the console's server as its page does. @param line what the command has printed */
function asking(line: string): typeof ask {
  const { consoleUrl } = z.object({ consoleUrl: z.string() }).parse(JSON.parse(line));
  const [page = '', token = ''] = consoleUrl.split('#token=');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return (path, body) =>
    fetch(`${page}api/${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
}

describe('hookline console --stack', () => {
  it('looks for the whole ARN of an execution, which is long', async () => {
    const id = `${EXECUTION}${'a'.repeat(80)}:expired`;
    const response = await ask(`deliveries/${encodeURIComponent(id)}`);
    expect(await response.json()).toEqual({ message: expect.stringContaining(id) });
  });

  it('answers 404 and no page for what its API does not have', async () => {
    const response = await ask('deliveries/a/nothing');
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 404,
      body: { message: expect.stringContaining('the console has nothing at GET /console/api/') },
    });
  });
});

describe('redeliveries of all that a list shows', () => {
  it('are those that were counted, however long ago they are when somebody says yes', async () => {
    aws.arrive(1, { outcome: 'PullFailed', executionArn: `${EXECUTION}failed` });
    const counted = await ask('redeliveries/plan', { shown: { outcome: 'PullFailed', since: '1h' } });
    const { replayName, since, until, outcomes } = z
      .looseObject({ replayName: z.string(), since: z.string(), until: z.string(), outcomes: z.unknown() })
      .parse(await counted.json());
    expect(outcomes).toEqual([['PullFailed', 1]]);
    const run = (span: object) =>
      // So late that nothing is as new as the filter says.
      ask('redeliveries', {
        ...{ shown: { outcome: 'PullFailed', since: '0s' }, replayName, force: false },
        ...span,
      });
    const ran = await run({ since, until });
    const lines = (await ran.text()).trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ result: { started: 1, expired: 0 } });
    expect((await run({ until })).status).toBe(400);
  });
});
