import { beforeEach, describe, expect, it } from 'vitest';
import { createFaults, type Fault } from '../../../local/core/faults.ts';
import { perform } from '../../../local/core/gate.ts';
import { fakeService } from '../../../local/testing.ts';

let written: number;
let drawn: number;
const table = fakeService('dynamodb', {
  UpdateItem: () => ({ written: ++written }),
  GetItem: () => ({ written }),
});
const { service, intercept } = createFaults(() => drawn);
const principal = { arn: 'arn', accessKeyId: 'key' };
const call = async (name: string, input: unknown = {}) =>
  perform(table, name, input, { principal, requestId: 'r' }, { intercept });
const put = (...Faults: Fault[]) => perform(service, 'PutFaults', { Faults }, { principal, requestId: 'r' });
const counted = () => perform(service, 'GetFaults', {}, { principal, requestId: 'r' });

beforeEach(() => {
  written = 0;
  drawn = 0;
  put();
});

describe('a fault', () => {
  it('fails the next calls of an operation before their effect, and no other', async () => {
    put({ Service: 'dynamodb', Operation: 'UpdateItem', Kind: 'fail', Count: 2 });
    expect(await call('GetItem')).toEqual({ written: 0 });
    for (let time = 0; time < 2; time++)
      await expect(call('UpdateItem')).rejects.toMatchObject({ code: 'InternalServerError', status: 500 });
    expect(await call('UpdateItem')).toEqual({ written: 1 });
    expect(counted()).toMatchObject({ Faults: [{ Kind: 'fail', Count: 2, Done: 2 }] });
  });

  it('loses the answer of a call that was carried out', async () => {
    put({ Service: 'dynamodb', Kind: 'lose-answer', Count: 1, Error: 'TimeoutError' });
    await expect(call('UpdateItem')).rejects.toMatchObject({ code: 'TimeoutError' });
    expect(written).toBe(1);
  });

  it('throttles a share of the calls', async () => {
    put({ Service: 'dynamodb', Kind: 'throttle', Share: 0.5 });
    drawn = 0.4;
    await expect(call('UpdateItem')).rejects.toMatchObject({ code: 'ThrottlingException' });
    drawn = 0.6;
    expect(await call('UpdateItem')).toEqual({ written: 1 });
  });

  it('answers late', async () => {
    put({ Service: 'dynamodb', Kind: 'late', Milliseconds: 50 });
    const begin = performance.now();
    expect(await call('UpdateItem')).toEqual({ written: 1 });
    expect(performance.now() - begin).toBeGreaterThan(45);
  });

  it('answers what was true before, but not who asks for the present', async () => {
    put({ Service: 'dynamodb', Operation: 'GetItem', Kind: 'stale', Count: 1 });
    expect(await call('GetItem')).toEqual({ written: 0 });
    await call('UpdateItem');
    expect(await call('GetItem', { ConsistentRead: true })).toEqual({ written: 1 });
    expect(await call('GetItem')).toEqual({ written: 0 });
    expect(await call('GetItem')).toEqual({ written: 1 });
  });
});
