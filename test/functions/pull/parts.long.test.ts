import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { optionsHash } from '../../../functions/shared/artifact.ts';
import { type Bench, openBench } from '../../support/functions/pull-program.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.close());

it('streams an artifact of several parts, and leaves none of them behind when that fails', async () => {
  const noise = await execa('head', ['-c', '9000000', '/dev/urandom'], { encoding: 'buffer' });
  const commit = await bench.app.commit({ 'big.bin': Buffer.from(noise.stdout).toString('base64') });
  await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  const key = `commits/git/acme/app/${optionsHash({ submodules: false, lfs: false, git: false })}/${commit}.zip`;
  bench.aws.beforePut = () => {
    throw new Error('the bucket is on fire');
  };
  expect(await bench.run({ commit })).toMatchObject({ status: 70, left: [] });
  expect([bench.aws.objects.has(key), bench.aws.parts.size]).toEqual([false, 0]);
  bench.aws.beforePut = () => {};
  expect((await bench.run({ commit })).status).toBe(0);
  expect(bench.aws.objects.get(key)?.body.equals(await bench.app.archive(commit))).toBe(true);
});
