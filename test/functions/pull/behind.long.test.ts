import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pointerKey } from '../../../functions/shared/artifact.ts';
import { NO_VALUE } from '../../../statemachine/pull-exports.ts';
import { type Bench, openBench } from '../../support/functions/pull-program.ts';

const giveWay = { giveWay: 'skipping' };
const pointer = pointerKey(
  { host: 'git', fullName: 'acme/app' },
  { submodules: false, lfs: false, git: false },
  'refs/heads/main',
);

describe('a delivered commit behind the tip, of a rule with `superseded: skip`', () => {
  let bench: Bench;
  let [older, tip] = ['', ''];
  /** what git has asked the host for, by the end of the address */
  let asked: string[] = [];
  let onRequest = (): void => undefined;
  beforeAll(async () => {
    bench = await openBench();
    older = await bench.app.commit({ 'a.txt': 'older' });
    tip = await bench.app.commit({ 'a.txt': 'tip' });
    await bench.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    bench.host.intercept = ({ method, url = '' }) => {
      onRequest();
      asked.push(`${method} ${url.split('/').at(-1)}`);
      return false;
    };
  });
  afterEach(() => {
    bench.aws.claimed.clear();
    bench.aws.objects.clear();
    asked = [];
    onRequest = () => undefined;
  });
  afterAll(() => bench?.close());

  it('gives way to the tip that the rule has claimed: it fetches nothing, and makes no artifact', async () => {
    bench.aws.claimed.set(pointer, tip);
    const run = await bench.run({ commit: older, asked: giveWay });
    expect(run, run.output).toMatchObject({
      status: 0,
      left: [],
      exports: {
        OUTCOME: 'behind',
        COMMIT: older,
        TIP: tip,
        KEY: NO_VALUE,
        VERSION_ID: NO_VALUE,
        TIP_KEY: NO_VALUE,
        REASON: `refs/heads/main had moved on to ${tip} when the build started, and the rule takes a newer push: no artifact of ${older} was made`,
      },
    });
    expect(bench.aws.objects.size).toBe(0);
    // The look-up alone: git asks what the host can do, and then for the ref.
    expect(asked).toEqual(['GET refs?service=git-upload-pack', 'POST git-upload-pack']);
  });

  it.each([
    ['the rule has claimed nothing', giveWay, ''],
    ['the rule has claimed nothing newer, as where its path filter leaves the tip out', giveWay, 'older'],
    ['the delivery is a replay, or its rule another one', {}, 'tip'],
    ['another rule has claimed the tip', { giveWay: 'other' }, 'tip'],
  ])('is pulled where %s', async (_title, asks, claimed) => {
    if (claimed) bench.aws.claimed.set(pointer, claimed === 'tip' ? tip : older);
    const run = await bench.run({ commit: older, asked: asks });
    expect(run, run.output).toMatchObject({ exports: { OUTCOME: 'pulled', COMMIT: older, TIP: tip } });
  });

  it('gives way to a push that is claimed a moment after it is at the ref', async () => {
    bench.aws.claimed.set(pointer, older);
    onRequest = () => void bench.aws.claimed.set(pointer, tip);
    const run = await bench.run({ commit: older, asked: giveWay });
    expect(run, run.output).toMatchObject({ exports: { OUTCOME: 'behind', TIP: tip } });
  });

  it('gives way to a newer push that is no more at the ref', async () => {
    bench.aws.claimed.set(pointer, 'f'.repeat(40));
    const run = await bench.run({ commit: older, asked: giveWay });
    expect(run, run.output).toMatchObject({ exports: { OUTCOME: 'behind', TIP: tip } });
  });

  it('is pulled as the tip, whatever is claimed', async () => {
    bench.aws.claimed.set(pointer, 'f'.repeat(40));
    const run = await bench.run({ commit: tip, asked: giveWay });
    expect(run, run.output).toMatchObject({ exports: { OUTCOME: 'pulled', COMMIT: tip, TIP: tip } });
  });

  it('is pulled where the tip becomes no artifact, whoever asks for it (I10)', async () => {
    const bare = execFileSync('git', ['rev-parse', `${older}^{tree}`], { cwd: bench.app.folder })
      .toString()
      .trim();
    // As hosts do: what is looked at of the history are commits alone.
    const onHost = join(bench.root, 'acme/app.git');
    execFileSync('git', ['config', 'uploadpack.allowFilter', 'true'], { cwd: onHost });
    // A tree that git fsck refuses: a folder is called .git.
    const broken = execFileSync('git', ['mktree'], {
      cwd: bench.app.folder,
      input: `040000 tree ${bare}\t.git\n`,
    })
      .toString()
      .trim();
    const commit = (await bench.app.git('commit-tree', '-p', older, '-m', 'broken', broken)).trim();
    await bench.app.git('push', '--quiet', '--force', 'origin', `${commit}:refs/heads/main`);
    const run = await bench.run({ commit: older, asked: giveWay });
    expect(run, run.output).toMatchObject({
      status: 0,
      exports: { OUTCOME: 'pulled', COMMIT: older, TIP: NO_VALUE, TIP_KEY: NO_VALUE },
    });
    expect(run.output).toContain(`${commit} becomes no artifact, and the pointer stays: `);
    expect([...bench.aws.objects.keys()].filter((key) => key.startsWith('commits/'))).toEqual([
      run.exports.KEY,
    ]);
  });
});
