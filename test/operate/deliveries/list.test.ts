import { randomUUID } from 'node:crypto';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { type Connection, connect } from '../../../operate/connection/connection.ts';
import { describeDelivery, findDelivery } from '../../../operate/deliveries/delivery.ts';
import {
  type DeliveryQuery,
  type DeliveryRow,
  deliveryPages,
  fillOutcomes,
  listDeliveries,
} from '../../../operate/deliveries/index.ts';
import { logsOf } from '../../../operate/deliveries/logs.ts';
import { type Hookline, startHookline } from '../../support/hookline.ts';

const ping = { zen: 'Anything added dilutes everything else.', hook_id: 1 };
const forged = { headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } };

let hookline: Hookline;
let connection: Connection;
// Oldest first.
const sent: { deliveryId: string; outcome: string }[] = [];

const deliver = async (outcome: string, ...args: Parameters<Hookline['deliver']>) => {
  const { deliveryId } = await hookline.deliver(...args);
  await hookline.ended(deliveryId);
  sent.push({ deliveryId, outcome });
};

beforeAll(async () => {
  hookline = await startHookline();
  const { endpoint, ...access } = hookline.access;
  connection = await connect(hookline.outputs.stackName, { endpoint, ...access });
  await deliver('Rejected', 'ping', ping, forged);
  await deliver('Pong', 'ping', ping);
  await deliver('Rejected', 'ping', ping, forged);
  await deliver('Malformed', 'push', {});
  await deliver('Pong', 'ping', ping);
  await deliver('Pong', 'ping', ping);
  await deliver('Malformed', 'push', {});
});
afterAll(async () => {
  connection?.close();
  await hookline?.remove();
});

const pages = async (query: DeliveryQuery): Promise<DeliveryRow[]> => {
  const rows: DeliveryRow[] = [];
  for await (const page of deliveryPages(connection, query)) rows.push(...page);
  return rows;
};
const ours = (rows: readonly DeliveryRow[]) => {
  const ids = sent.map(({ deliveryId }) => deliveryId);
  return rows
    .filter(({ deliveryId }) => ids.includes(deliveryId))
    .map(({ deliveryId, outcome }) => ({ deliveryId, outcome }));
};

describe('the list of deliveries', () => {
  it('has the words of what was refused, and not what Step Functions wraps them in', async () => {
    const { rows } = await listDeliveries(connection, { filter: { outcome: 'Rejected' } });
    expect(rows[0]).toMatchObject({
      error: 'Rejected',
      message: expect.stringMatching(/^no webhook secret of localhost made this signature/),
    });
  });

  describe('of which most days have nothing', () => {
    /** The calls of two lists, one after the other, and how many of them ran at once; a scan answers this too. */
    const callsOf = async (scanned: object = {}) => {
      const on = await connect(hookline.outputs.stackName, hookline.access);
      const asked: string[] = [];
      let [atOnce, most] = [0, 0];
      on.dynamo.middlewareStack.add(
        (next, { commandName = '' }) =>
          async (args) => {
            asked.push(commandName);
            atOnce += 1;
            most = Math.max(most, atOnce);
            const answer = await next(args).finally(() => {
              atOnce -= 1;
            });
            if (commandName === 'ScanCommand') Object.assign(answer.output, scanned);
            return answer;
          },
        { step: 'initialize', name: 'asked' },
      );
      const list = async () => (await listDeliveries(on)).rows.map(({ id }) => id);
      const rows = await list();
      const first = asked.splice(0).length;
      const same = await list();
      on.close();
      return { rows, same, first, again: asked.length, most };
    };

    it('asks for all of them at once', async () => {
      const { rows, same, first, again } = await callsOf();
      expect({ few: first < 5, again: again < 5 }).toEqual({ few: true, again: true });
      expect(same).toEqual(rows);
    });

    it('asks for each where the table is too large for that, side by side, and not again at once', async () => {
      const { rows, first, again, most } = await callsOf({ Items: [], LastEvaluatedKey: { id: 'more' } });
      expect({ many: first > 80, again: again < 10 }).toEqual({ many: true, again: true });
      // As each takes a way to AWS and back.
      expect(most).toBeGreaterThan(20);
      expect(rows).toEqual((await callsOf()).rows);
    });
  });

  it('holds what was rejected or unreadable too, each once, whatever the size of a page', async () => {
    for (const limit of [1, 2, 3, 100]) {
      const found = ours(await pages({ limit }));
      expect(found).toHaveLength(sent.length);
      expect(found).toEqual(expect.arrayContaining(sent));
    }
  });

  it('stands newest first', async () => {
    const times = (await pages({ limit: 2 })).map(({ receivedAt }) => Date.parse(receivedAt));
    // The bus gives whole seconds, an execution gives milliseconds.
    const whole = times.map((time) => Math.floor(time / 1000));
    expect(whole).toEqual(whole.toSorted((a, b) => b - a));
  });

  it('finds them by outcome, and by every filter that they can pass', async () => {
    const rejected = sent.filter(({ outcome }) => outcome === 'Rejected');
    const rows = await pages({ filter: { outcome: 'Rejected' }, limit: 1 });
    expect(ours(rows)).toEqual(rejected.toReversed());
    expect(rows[0]).toMatchObject({ event: 'ping', host: 'localhost', rule: 'default', repository: '' });
    expect(await pages({ filter: { outcome: 'Rejected', event: 'push' } })).toEqual([]);
    expect(await pages({ filter: { outcome: 'Rejected', repository: 'acme/*' } })).toEqual([]);
  });

  it('goes on where a bounded page ended, even without a row', async () => {
    const found = ours(await pages({ filter: { event: 'ping' }, limit: 2, reads: 1 }));
    expect(found).toHaveLength(5);
  });
});

describe('the list of deliveries', () => {
  it('a rejected delivery is found and shown by the id of its host', async () => {
    const [{ deliveryId } = { deliveryId: '' }] = sent;
    const row = await findDelivery(connection, deliveryId);
    expect(row).toMatchObject({ deliveryId, outcome: 'Rejected', error: 'Rejected' });
    expect(await findDelivery(connection, row.id)).toEqual(row);
    const { steps } = await describeDelivery(connection, row);
    expect(steps.map(({ name }) => name)).toEqual(['Validate', 'Rejected']);
  });

  it('the first state has the log of its own rule, where others have the same event at the same time', async () => {
    const [{ deliveryId } = { deliveryId: '' }] = sent;
    const row = await findDelivery(connection, deliveryId);
    const { execution, steps } = await describeDelivery(connection, row);
    const [validate] = steps;
    if (!validate) throw new Error('it was not validated');
    const { eventId } = z.object({ eventId: z.string() }).parse(JSON.parse(execution.input));
    const { LoggingConfig } = loggingSchema.parse(
      await hookline.runtime.call('lambda', 'GetFunctionConfiguration', {
        FunctionName: validate.functionName,
      }),
    );
    const stream = { logGroupName: LoggingConfig.LogGroup, logStreamName: 'another-worker' };
    await hookline.runtime.call('logs', 'CreateLogStream', stream);
    const message = JSON.stringify({ message: 'done', step: 'validate', rule: 'default-too', eventId });
    const logEvents = [{ timestamp: Date.parse(validate.startedAt), message }];
    await hookline.runtime.call('logs', 'PutLogEvents', { ...stream, logEvents });
    const lines = await logsOf(connection, execution.arn, validate);
    expect(lines.map(({ text }) => z.object({ rule: z.string() }).parse(JSON.parse(text)).rule)).toEqual([
      'default',
    ]);
  });
});

const loggingSchema = z.looseObject({ LoggingConfig: z.object({ LogGroup: z.string() }) });

describe('the list of deliveries', () => {
  it('a delivery is found although somebody else has sent its id since, unsigned', async () => {
    const { deliveryId } = await hookline.deliver('ping', { zen: 'z', hook_id: 1 });
    await hookline.ended(deliveryId);
    const headers = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` };
    await hookline.deliver('ping', { zen: 'forged', hook_id: 1 }, { deliveryId, headers });
    await hookline.ended(deliveryId, 2);
    expect(await findDelivery(connection, deliveryId)).toMatchObject({ deliveryId, outcome: 'Pong' });
  });

  it('a large delivery is known by its record, which holds the last execution that took it', async () => {
    const id = randomUUID();
    const { stateMachineArn } = hookline.outputs;
    const options = { name: 'gone', was: ['default'], asksFor: [], superseded: 'stop' };
    const run = async (rule: string) => {
      const delivery = { provider: 'github', host: 'localhost', id, event: 'ping' };
      const origin = { rule, eventId: id, time: new Date().toISOString(), replayName: '', options };
      const input = JSON.stringify([{ ...origin, overflow: { delivery, route: 'ping' } }]);
      const { executionArn = '' } = await connection.sfn.send(
        new StartExecutionCommand({ stateMachineArn, input }),
      );
      return executionArn;
    };
    const first = await run('gone');
    const recorded = { id: `default#localhost#${id}#`, deliveryId: id, outcome: 'Failed' };
    await vi.waitFor(async () => expect(await findDelivery(connection, first)).toMatchObject(recorded), {
      timeout: 20_000,
    });
    const second = await run('default');
    await hookline.ended(id, 2);
    expect(await findDelivery(connection, second)).toMatchObject({ deliveryId: id, outcome: 'Pong' });
    expect(await findDelivery(connection, first)).toMatchObject({
      id: first,
      deliveryId: id,
      host: 'localhost',
    });
    const rows = (await pages({})).filter(({ executionArn }) => [first, second].includes(executionArn));
    expect(rows.map(({ executionArn }) => executionArn)).toEqual([second]);
  });

  it('one whose execution is kept no more does not keep the others from being shown', async () => {
    const [row] = await pages({ filter: { outcome: 'Rejected' }, limit: 1 });
    if (!row) throw new Error('there is none');
    const forgotten = { ...row, outcome: '', executionArn: `${row.executionArn}-forgotten` };
    expect(await fillOutcomes(connection, [forgotten, row])).toEqual([
      { ...forgotten, outcome: 'Stopped', error: 'ExecutionDoesNotExist' },
      row,
    ]);
  });

  it('a cursor that no page gave is refused', async () => {
    await expect(listDeliveries(connection, { cursor: 'nonsense' })).rejects.toThrow('the cursor nonsense');
  });
});
