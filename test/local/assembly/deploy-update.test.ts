import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Stack } from '../../../local/assembly/assembly.ts';
import { deployStack, updateStack } from '../../../local/assembly/deploy.ts';
import type { DeployedStack } from '../../../local/assembly/deployed-stack.ts';
import type { Service } from '../../../local/core/cloud.ts';
import { resourceType } from '../../../local/core/gate.ts';

type Resources = Record<
  string,
  { Type?: string; Properties?: Record<string, unknown>; DeletionPolicy?: string }
>;

let log: string[];
beforeEach(() => {
  log = [];
});

const service: Service = {
  name: 'test',
  operations: {},
  resources: {
    'Test::Thing': resourceType(
      z.unknown(),
      (_properties, { logicalId, properties, generatedName }) => {
        if (properties.fail) throw new Error('a reason');
        log.push(`make ${logicalId}`);
        return { ref: String(properties.Name ?? generatedName), attributes: { Arn: `arn:${logicalId}` } };
      },
      ({ logicalId }, { ref }) => void log.push(`remove ${logicalId} (${ref})`),
    ),
    'Test::Lasting': resourceType(z.unknown(), (_properties, { logicalId, generatedName }) => {
      log.push(`make ${logicalId}`);
      return { ref: generatedName };
    }),
  },
};

const stackOf = (resources: Resources): Stack => ({
  name: 'Stack',
  source: '',
  template: {
    Parameters: {},
    Conditions: {},
    Mappings: {},
    Outputs: {},
    Resources: Object.fromEntries(
      Object.entries(resources).map(([id, resource]) => [
        id,
        { Type: 'Test::Thing', Properties: {}, ...resource },
      ]),
    ),
  },
});
const around = { services: [service], account: '000000000000', region: 'us-east-1', parameters: {} };

/** Deploys one template, then brings it to another; the log is that of the update alone. */
async function update(before: Resources, after: Resources): Promise<DeployedStack> {
  const stack = stackOf(before);
  const deployed = await deployStack({ stack, ...around });
  log.length = 0;
  return updateStack({ stack: stackOf(after), ...around }, { deployed, stack });
}

const named = (Name: string) => ({ Properties: { Name } });

describe('an update of a stack', () => {
  it('makes what is new, changes what is different, leaves alone what is the same', async () => {
    const updated = await update(
      { Same: named('s'), Other: { Properties: { a: 1 } } },
      { Same: named('s'), Other: { Properties: { a: 2 } }, New: { Properties: { of: { Ref: 'Same' } } } },
    );
    expect(log).toEqual(['make Other', 'make New']);
    expect(updated.resources.map(({ logicalId }) => logicalId)).toEqual(['Same', 'Other', 'New']);
    expect(updated.resources[2]?.properties).toEqual({ of: 's' });
  });

  it('takes away what is gone when all else is done, the last made first', async () => {
    const gone = { A: named('a'), B: { Properties: { Name: 'b', of: { Ref: 'A' } } } };
    await update({ ...gone, Kept: named('k') }, { Kept: named('k'), New: named('n') });
    expect(log).toEqual(['make New', 'remove B (b)', 'remove A (a)']);
  });

  it('replaces what gets another name: the new one first', async () => {
    await update({ A: named('old') }, { A: named('new') });
    expect(log).toEqual(['make A', 'remove A (old)']);
  });

  it('keeps what its template retains', async () => {
    const B = named('b');
    await update({ A: { ...named('a'), DeletionPolicy: 'Retain' }, B }, { B });
    expect(log).toEqual([]);
  });

  it('that fails goes back to what was', async () => {
    const before = { A: { Properties: { a: 1 } }, Gone: named('g') };
    const after = { A: { Properties: { a: 2 } }, New: named('n'), Bad: { Properties: { fail: true } } };
    await expect(update(before, after)).rejects.toThrow('Test::Thing Bad of stack Stack: a reason');
    expect(log).toEqual(['make A', 'make New', 'make A', 'remove New (n)']);
  });

  it('refuses what cannot be taken away before it changes anything', async () => {
    const lasting = { L: { Type: 'Test::Lasting' } };
    await expect(update({ ...lasting }, { New: named('n') })).rejects.toThrow(
      'the removal of Test::Lasting L of stack Stack while it runs; start it again',
    );
    expect(log).toEqual([]);
  });

  it('refuses another type under the same logical id', async () => {
    await expect(update({ A: named('a') }, { A: { Type: 'Test::Lasting' } })).rejects.toThrow(
      'A of stack Stack was Test::Thing and cannot become Test::Lasting: give it another logical id',
    );
  });
});
