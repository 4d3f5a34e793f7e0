import { describe, expect, it } from 'vitest';
import { startRuntime } from '../../local/index.ts';
import { temporaryFolder } from '../../local/testing.ts';
import { synthesized } from '../support/variants/synthesized.ts';

describe('on one machine', () => {
  it.each(synthesized)('the local runtime makes $name', async ({ directory, stack }) => {
    const data = temporaryFolder();
    try {
      const runtime = await startRuntime({ assembly: directory, data: data.path, port: 0 });
      expect(runtime.stacks.map(({ name }) => name)).toEqual([stack]);
      await runtime.close();
    } finally {
      data.remove();
    }
  });
});
