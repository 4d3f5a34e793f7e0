import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../local/testing.ts';
import { createKiller, nameOf } from '../support/chaos/aim.ts';
import { inTurn, type Known, planOf } from '../support/chaos/plan.ts';
import { endAllOf } from '../support/processes.ts';

const KNOWN: readonly Known[] = [
  { call: 'claim dynamodb:PutItem StorageDeliveries', times: 3, actions: ['signed'] },
  { call: 'publish s3:CopyObject artifacts', times: 1, actions: ['artifact', 'pipeline'] },
];
const aimsOf = (...seeds: readonly number[]) =>
  seeds.map((seed) => {
    const [first] = planOf(seed, KNOWN).kills;
    return first && 'aim' in first ? [first.aim.call, first.aim.after] : undefined;
  });

describe('the plan of a seed', () => {
  it('is the same each time', () => {
    for (const seed of [0, 1, 2, 3]) expect(planOf(seed, KNOWN)).toEqual(planOf(seed, KNOWN));
  });

  it('aims, in every second run, at each known call in turn: after its effect, and then before', () => {
    const [claim, publish] = KNOWN.map(({ call }) => call);
    expect(aimsOf(0, 2, 4, 6, 8)).toEqual([
      [claim, true],
      [publish, true],
      [claim, false],
      [publish, false],
      [claim, true],
    ]);
    expect(aimsOf(1, 3)).toEqual([undefined, undefined]);
  });

  it('kills at the same moments however many actions there come to be', () => {
    const moments = planOf(329, []).kills.map((kill) => ('afterMs' in kill ? kill.afterMs : undefined));
    expect(moments).toEqual([3465, 1171, 666]);
  });

  it('has the turn of what the later actions alone call after all other calls', () => {
    const [claim, publish] = KNOWN;
    const mint: Known = { call: 'a call of an App alone', times: 1, actions: ['app'] };
    expect(inTurn([mint, ...KNOWN])).toEqual([claim, publish, mint]);
  });
});

const call = {
  principal: {
    arn: 'arn:aws:iam::000000000000:role/Hookline-FunctionsclaimRoleA5C18DCB-9eb1c5b11a3e',
    accessKeyId: 'k',
  },
  requestId: 'r',
  service: 'dynamodb',
  operation: 'PutItem',
  input: { TableName: 'Hookline-StorageDeliveriesB82F75EA-3b66db53aae3' },
};

describe('a runtime that is aimed at', () => {
  it('names a call alike in every run', () => {
    expect(nameOf(call)).toBe('claim dynamodb:PutItem StorageDeliveries');
  });

  it.each([
    [true, ['carried out', 'carried out', 'dead']],
    [false, ['carried out', 'dead']],
  ])('dies at the second such call, after its effect: %s', async (after, expected) => {
    const done: string[] = [];
    const { intercept, aim, calls } = createKiller(async () => {
      done.push('dead');
      throw new Error('dead');
    });
    const run = () => void done.push('carried out');
    aim({ call: nameOf(call), nth: 2, after });
    await intercept({ ...call, operation: 'GetItem' }, () => undefined);
    await intercept(call, run);
    await expect(intercept(call, run)).rejects.toThrow('dead');
    expect(done).toEqual(expected);
    expect(calls).toEqual([nameOf(call), nameOf(call)]);
  });
});

it.runIf(process.platform === 'linux')(
  'the end of a lane ends every process that runs in its folder',
  async () => {
    const folder = temporaryFolder();
    const child = execa('sleep', ['1000'], { cwd: folder.path, reject: false, detached: true });
    await endAllOf(folder.path);
    expect((await child).signal).toBe('SIGKILL');
    folder.remove();
  },
);
