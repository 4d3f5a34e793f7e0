import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bench, openBench } from '../../support/functions/pull-program.ts';

let bench: Bench;
let commit: string;
beforeAll(async () => {
  bench = await openBench();
  commit = await bench.app.commit({ 'a.txt': 'a' });
  await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
});
afterAll(() => bench?.close());

/** Whenever the program asks for the lease of the artifact, this is done first. */
function onLook(done: () => void): void {
  const { leases } = bench.aws;
  leases.get = (name) => {
    done();
    return Map.prototype.get.call(leases, name);
  };
}

it('a pull waits for the build that makes its artifact, takes it, and fetches nothing', async () => {
  const first = await bench.run({ commit });
  const { KEY: key = '', VERSION_ID: versionId } = first.exports;
  const made = bench.aws.objects.get(key);
  bench.aws.objects.clear();
  bench.aws.leases.set(`${commit}.zip`, { owner: 'another build', expires: Number.POSITIVE_INFINITY });
  let looks = 0;
  onLook(() => {
    if (++looks === 2 && made) bench.aws.objects.set(key, made);
  });
  const run = await bench.run({ commit });
  expect(run, run.output).toMatchObject({
    status: 0,
    left: [],
    exports: { KEY: key, VERSION_ID: versionId },
  });
  expect(run.output).toContain(`another build makes ${key}: waiting for it`);
  expect(run.output).not.toContain('fetched');
});

it('a pull whose artifact a killed build was to make makes the artifact, and gives its lease back', async () => {
  bench.aws.objects.clear();
  bench.aws.leases.set(`${commit}.zip`, { owner: 'a killed build', expires: Number.POSITIVE_INFINITY });
  let looks = 0;
  onLook(() => {
    if (++looks === 2) bench.aws.leases.set(`${commit}.zip`, { owner: 'a killed build', expires: 0 });
  });
  const run = await bench.run({ commit });
  expect(run, run.output).toMatchObject({ status: 0, exports: { OUTCOME: 'pulled', COMMIT: commit } });
  expect(run.output).toContain('waiting for it');
  expect(run.output).toContain('fetched');
  expect([...bench.aws.leases.keys()]).toEqual([]);
});
