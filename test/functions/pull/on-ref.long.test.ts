import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NO_VALUE } from '../../../statemachine/pull-exports.ts';
import { type Bench, openBench } from '../../support/functions/pull-program.ts';

describe('a delivered commit', () => {
  let bench: Bench;
  /** the root of the repository, on no branch of the host */
  let root: string;
  beforeAll(async () => {
    bench = await openBench();
    root = await bench.app.commit({ 'a.txt': 'root' });
  });
  afterEach(() => {
    bench.host.intercept = () => false;
  });
  afterAll(() => bench?.close());

  /** Commits on top of another commit, on no branch, and pushes the commit to a ref. */
  const push = async (parent: string, ref: string, text = ref) => {
    await bench.app.git('checkout', '--quiet', '--detach', parent);
    const commit = await bench.app.commit({ 'a.txt': text });
    await bench.app.git('push', '--quiet', '--force', 'origin', `HEAD:${ref}`);
    return commit;
  };
  const onHost = (...args: string[]) =>
    execFileSync('git', args, { cwd: join(bench.root, 'acme/app.git') })
      .toString()
      .trim();
  /** The commits that an artifact was made of. */
  const made = () =>
    [...bench.aws.objects.keys()].flatMap((key) => /\/([0-9a-f]{40})\.zip$/.exec(key)?.[1] ?? []);

  it('of a pull request, as every fork has, is no commit of the ref, and becomes no artifact', async () => {
    const tip = await push(root, 'refs/heads/main', 'tip');
    const foreign = await push(tip, 'refs/pull/9/head');
    const run = await bench.run({ commit: foreign });
    expect(run, run.output).toMatchObject({
      status: 0,
      left: [],
      exports: { OUTCOME: 'off-ref', COMMIT: foreign, TIP: tip, KEY: NO_VALUE, VERSION_ID: NO_VALUE },
    });
    expect(run.exports.TIP_KEY).toContain(tip);
    expect(made()).toEqual([tip]);
  });

  it('that a forced push took away is none either', async () => {
    const lost = await push(root, 'refs/heads/rewritten', 'lost');
    const tip = await push(root, 'refs/heads/rewritten', 'kept');
    const run = await bench.run({ ref: 'refs/heads/rewritten', commit: lost });
    expect(run.exports).toMatchObject({ OUTCOME: 'off-ref', COMMIT: lost, TIP: tip });
  });

  it.each(['false', 'true'])(
    'far behind the tip and beside a merge is one, of a host that leaves trees out: %s',
    async (filters) => {
      onHost('config', 'uploadpack.allowFilter', filters);
      const behind = await push(root, 'refs/heads/side', `side ${filters}`);
      const ids = Array.from({ length: 150 }, (_, n) => n);
      const commits = ids.map(
        (n) =>
          `commit refs/heads/long\nmark :${n + 1}\ncommitter T <t@example.com> ${1_700_000_000 + n} +0000\ndata 1\nx\n${n === 0 ? `from ${root}\n` : ''}`,
      );
      execFileSync('git', ['fast-import', '--quiet', '--force'], {
        cwd: bench.app.folder,
        input: `${commits.join('')}commit refs/heads/long\ncommitter T <t@example.com> 1700000200 +0000\ndata 5\nmerge\nfrom :150\nmerge ${behind}\n`,
      });
      await bench.app.git('push', '--quiet', '--force', 'origin', 'long:refs/heads/main');
      const first = await bench.app.git('rev-list', '--skip=140', '--max-count=1', '--first-parent', 'long');
      for (const commit of [behind, first]) {
        const run = await bench.run({ commit });
        expect(run, run.output).toMatchObject({
          status: 0,
          left: [],
          exports: { OUTCOME: 'pulled', COMMIT: commit },
        });
      }
    },
  );

  it('of a tag that was moved is one while the tag holds it', async () => {
    const older = await push(root, 'refs/heads/main', 'older');
    await bench.app.git('tag', '--force', '-a', '-m', 'older', 'v1', older);
    await bench.app.git('push', '--quiet', '--force', 'origin', 'v1');
    const tag = await bench.app.git('rev-parse', 'v1');
    const newer = await push(older, 'refs/heads/main', 'newer');
    await bench.app.git('push', '--quiet', '--force', 'origin', `${newer}:refs/tags/v1`);
    const held = await bench.run({ ref: 'refs/tags/v1', commit: tag });
    expect(held.exports).toMatchObject({ OUTCOME: 'pulled', COMMIT: older, TIP: newer });
    await bench.app.git('push', '--quiet', '--force', 'origin', `${root}:refs/tags/v1`);
    const moved = await bench.run({ ref: 'refs/tags/v1', commit: tag });
    expect(moved.exports).toMatchObject({ OUTCOME: 'off-ref', COMMIT: tag, TIP: root });
  });

  it('that a replica of the host does not show yet is looked for again, under another token', async () => {
    const older = await push(root, 'refs/heads/main', 'behind');
    const newer = await push(older, 'refs/heads/main', 'ahead');
    onHost('update-ref', 'refs/heads/main', older);
    let requests = 0;
    bench.host.intercept = () => {
      // the look-up takes two
      if (++requests === 3) onHost('update-ref', 'refs/heads/main', newer);
      return false;
    };
    const run = await bench.run({ commit: newer });
    expect(run.output).toContain('looking again in 1 s');
    expect(run, run.output).toMatchObject({
      status: 0,
      exports: { OUTCOME: 'pulled', COMMIT: newer, TIP: newer },
    });
  });
});
