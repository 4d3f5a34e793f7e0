import '../../support/interleave/silence.ts';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import { logged } from '../../../functions/shared/logged.ts';
import { sdkErrors } from '../../../statemachine/service-errors.ts';

const context = {} as Context;
const credentials = { accessKeyId: 'a', secretAccessKey: 's' };

/** A port that nobody listens at. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

it.each([
  ['refuses the connection', async () => `http://127.0.0.1:${await closedPort()}`],
  ['has no address', async () => 'http://aws.invalid'],
])(
  'a service of AWS that %s fails a function by a name after which the machine calls again',
  async (_, at) => {
    const client = new DynamoDBClient({ endpoint: await at(), region: 'us-east-1', credentials });
    const handler = logged('step', () => client.send(new ListTablesCommand({})));
    const error = await handler({}, context).catch((caught: Error) => caught);
    client.destroy();
    expect(error).toMatchObject({
      message: expect.stringMatching(/could not be reached: .*(ECONN|E[A-Z]+)/),
    });
    expect(sdkErrors).toContain(error instanceof Error ? error.name : '');
  },
);

it('an error that is not of AWS keeps its name', async () => {
  const mine = Object.assign(new Error('of a socket'), { code: 'ECONNREFUSED' });
  const handler = logged('step', () => Promise.reject(mine));
  await expect(handler({}, context)).rejects.toBe(mine);
});
