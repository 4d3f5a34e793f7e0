import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Connection, connect } from '../../../operate/connection/connection.ts';
import { ANYBODY, awsEnvironment } from '../../support/aws-cli.ts';
import { type FakeAws, STACK, startFakeAws } from '../../support/fake-aws.ts';

// More than the SDK's own attempts.
const THROTTLED = 3;

let aws: FakeAws;
let connection: Connection;
beforeEach(async () => {
  aws = await startFakeAws(0);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  connection?.close();
  await aws?.close();
});

/** Has the first calls of a client refused as AWS refuses what comes too fast. */
function throttle({ middlewareStack }: SFNClient): void {
  let left = THROTTLED;
  middlewareStack.add(
    (next) => (args) => {
      left -= 1;
      if (left < 0) return next(args);
      throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException', $metadata: {} });
    },
    { step: 'deserialize' },
  );
}

const describeExecution = ({ sfn }: Connection) =>
  sfn.send(new DescribeExecutionCommand({ executionArn: 'arn:aws:states:us-east-1:0:execution:machine:a' }));

describe('a connection', () => {
  it('to AWS tries again what AWS throttles', async () => {
    for (const [name, value] of Object.entries(awsEnvironment({ endpoint: aws.endpoint, ...ANYBODY })))
      vi.stubEnv(name, value);
    connection = await connect(STACK);
    throttle(connection.sfn);
    expect(await describeExecution(connection)).toMatchObject({ status: 'RUNNING' });
  });

  it('to a runtime of this machine says soon that it was stopped', async () => {
    connection = await connect(STACK, { endpoint: aws.endpoint, ...ANYBODY });
    await aws.close();
    await expect(describeExecution(connection)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      $metadata: { attempts: 3 },
    });
  });
});
