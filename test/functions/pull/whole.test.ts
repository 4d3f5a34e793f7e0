import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { pullOptionsSchema } from '../../../events/pull-options.ts';
import { Git } from '../../../functions/pull/git.ts';
import { GitFailure } from '../../../functions/pull/git-failure.ts';
import type { PullInput } from '../../../functions/pull/input.ts';
import { keyOf, pointerOf } from '../../../functions/pull/input.ts';
import { pull } from '../../../functions/pull/pull.ts';
import { AwsError } from '../../../local/core/aws-error.ts';
import { stubAwsEnvironment } from '../../support/functions/aws-environment.ts';
import { type Aws, startAws } from '../../support/functions/pull-aws.ts';
import { type Here, inputOf, openHere, pushed } from '../../support/functions/pull-here.ts';

let here: Here;
let aws: Aws;
/** Where the pulls here, and nothing else, put what they take away again. */
let temporary: string;
let log: string[];
const waits: number[] = [];
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<typeof import('node:timers/promises')>()),
  setTimeout: async (ms: number) => void waits.push(ms),
}));
// The host is a folder, which no setting may name.
vi.mock('../../../functions/pull/remote.ts', async (original) => ({
  ...(await original<typeof import('../../../functions/pull/remote.ts')>()),
  accessTo: async () => here.access,
}));

beforeAll(async () => {
  [here, aws] = await Promise.all([openHere(), startAws()]);
  aws.hosts = { git: { provider: 'github', url: 'https://git.example.com' } };
  aws.credentials = { git: { token: 'a-token' } };
  temporary = await mkdtemp(join(tmpdir(), 'hookline-pulls-'));
  stubAwsEnvironment(aws.endpoint, { TMPDIR: temporary });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([here?.close(), aws?.close(), rm(temporary, { recursive: true })]);
});
beforeEach(() => {
  waits.length = 0;
  log = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text).trimEnd()) > 0);
  return () => vi.restoreAllMocks();
});

const options = (more: object) => ({ options: pullOptionsSchema.parse(more) });
const key = (commit: string, input: Partial<PullInput> = {}) => keyOf(inputOf(input), commit);
const push = (files: Record<string, string>, ref?: string) => pushed(here.app, files, ref);
const moduleAt = (url: string, path = 'm') => `[submodule "m"]\n\tpath = ${path}\n\turl = ${url}\n`;
/** Pushes a commit with a submodule of the host's, at a commit that nobody has, and returns it. */
const pushSubmodule = (name: string) => pushModules(moduleAt(`https://git.example.com/${name}.git`));
async function pushModules(modules: string): Promise<string> {
  await here.app.commit({ '.gitmodules': modules });
  await here.app.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},m`);
  await here.app.git('commit', '--quiet', '-m', 'Submodule');
  await here.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  return here.app.git('rev-parse', 'HEAD');
}
const nothing = { key: '', versionId: '', tipKey: '', bytes: '' };
const counts: Record<string, number> = {};
/** Pulls, and checks that a token was taken, or none. */
async function pulled(input: Partial<PullInput>) {
  const whole = inputOf(input);
  const result = await pull(whole);
  const pointer = pointerOf(whole);
  counts[pointer] = aws.tokens.get(pointer) ?? 0;
  return { ...result, tokens: counts[pointer] };
}

describe('a pull', () => {
  it('makes the artifact of the delivered commit, at the tip, and leaves nothing behind', async () => {
    const commit = await push({ 'a.txt': 'a' });
    const result = await pulled({ delivered: commit, asked: { values: ['commit.subject'] } });
    const stored = aws.objects.get(key(commit));
    expect(result).toMatchObject({
      outcome: 'pulled',
      token: String(result.tokens),
      commit,
      tip: commit,
      key: key(commit),
      versionId: stored?.versionId,
      tipKey: key(commit),
      bytes: String(stored?.body.length),
      content: '',
      reason: '',
      subject: 'Change',
    });
    expect(stored?.body.equals(await here.app.archive(commit))).toBe(true);
    expect(log).toContain(`token ${result.token}: refs/heads/main is at ${commit} at ${here.remote.url}`);
    expect(await readdir(temporary)).toEqual([]);
    expect(aws.leases.size).toBe(0);
    expect(log.join('\n')).not.toContain('has moved on');
  });

  it('takes the tip where the event names no commit', async () => {
    const commit = await push({ 'b.txt': 'b' });
    expect(await pulled({})).toMatchObject({ commit, tip: commit, tipKey: key(commit) });
  });

  it('makes that of the tip too where the ref has moved on', async () => {
    const older = await push({ 'c.txt': '1' });
    const newer = await push({ 'c.txt': '2' });
    expect(await pulled({ delivered: older })).toMatchObject({
      commit: older,
      tip: newer,
      key: key(older),
      tipKey: key(newer),
    });
    expect(log).toContain(`refs/heads/main has moved on from ${older} to ${newer}`);
    expect(log.some((line) => line.startsWith('looking for'))).toBe(true);
    // also when both are there already
    expect(await pulled({ delivered: older })).toMatchObject({ commit: older, tip: newer, key: key(older) });
  });

  it('fetches nothing for a tag whose artifact is there', async () => {
    const commit = await push({ 'tagged.txt': '1' });
    await here.app.git('tag', '-a', '-m', 'one', 'v1');
    await here.app.git('push', '--quiet', 'origin', 'v1');
    const delivered = await here.app.git('rev-parse', 'v1');
    const input = { ref: 'refs/tags/v1', delivered };
    expect(await pulled(input)).toMatchObject({ commit, tip: commit, key: key(commit) });
    log = [];
    expect(await pulled(input)).toMatchObject({ commit, tip: commit, key: key(commit) });
    expect(log.filter((line) => line.startsWith('fetched'))).toEqual([]);
  });

  it('asks for git-lfs where the rule does, before it takes a token', async () => {
    const delivered = await push({ 'lfs.txt': '1' });
    const { run } = Git.prototype;
    const missing = new GitFailure({ command: 'lfs', status: 1, stderr: '' });
    vi.spyOn(Git.prototype, 'run').mockImplementation(function (this: Git, args, of) {
      return args[0] === 'lfs' ? Promise.reject(missing) : run.call(this, args, of);
    });
    const lfs = inputOf({ delivered, ...options({ lfs: true }) });
    await expect(pull(lfs)).rejects.toMatchObject({ name: 'LfsMissing' });
    expect(aws.tokens.has(pointerOf(lfs))).toBe(false);
    expect(await pulled({ delivered })).toMatchObject({ outcome: 'pulled' });
  });

  it('is of the delivered commit alone where the tip becomes no artifact', async () => {
    const older = await push({ 'd.txt': '1' });
    const tip = await pushSubmodule('evil/x');
    const more = options({ submodules: true });
    expect(await pulled({ delivered: older, ...more })).toMatchObject({
      ...{ outcome: 'pulled', commit: older, tip: '', tipKey: '', key: key(older, more) },
    });
    expect(log).toContainEqual(
      expect.stringMatching(
        new RegExp(`^${tip} becomes no artifact, and the pointer stays: submodule "m" is`),
      ),
    );
    await expect(pull(inputOf({ delivered: tip, ...more }))).rejects.toMatchObject({
      name: 'SubmoduleNotAllowed',
    });
    await here.app.git('reset', '--quiet', '--hard', older);
    await push({ 'd.txt': '3' });
  });

  it.each([
    ['CommitUnreachable', 'upload-pack: not our ref'],
    ['RepositoryMissing', 'repository not found'],
    ['CredentialRefused', 'The requested URL returned error: 403'],
    ['HostUnknown', 'Name or service not known'],
    ['HostUnreachable', 'Could not resolve host'],
    ['PullFailed', 'something nobody has seen before'],
    ['HostUntrusted', 'SSL certificate problem: certificate has expired'],
  ])(
    'is of the delivered commit alone where a submodule of the tip cannot be had: %s',
    async (name, stderr) => {
      const older = await push({ 'e.txt': name });
      const side = await push({ 'side.txt': name }, 'refs/heads/side');
      await here.app.git('reset', '--quiet', '--hard', older);
      const tip = await pushSubmodule('acme/lib');
      const { run } = Git.prototype;
      vi.spyOn(Git.prototype, 'run').mockImplementation(function (this: Git, args, of) {
        const isOfLib = of?.remote?.url.endsWith('/acme/lib.git');
        return isOfLib
          ? Promise.reject(new GitFailure({ command: 'fetch', status: 128, stderr }))
          : run.call(this, args, of);
      });
      const more = options({ submodules: true });
      expect(await pulled({ delivered: older, ...more })).toMatchObject({
        ...{ outcome: 'pulled', commit: older, tip: '', tipKey: '', key: key(older, more) },
      });
      expect(await pulled({ delivered: side, ...more })).toMatchObject({
        ...{ outcome: 'off-ref', commit: side, tip: '', tipKey: '' },
      });
      await expect(pull(inputOf({ delivered: tip, ...more }))).rejects.toMatchObject({ name });
      await here.app.git('reset', '--quiet', '--hard', older);
      await push({ 'e.txt': '3' });
    },
  );

  it.each([
    ['has no url', 'PullFailed', moduleAt('https://git.example.com/acme/lib.git', 'other')],
    ['is of ssh at another host', 'HostUnknown', moduleAt('git@gitlab.example.com:acme/lib.git')],
    ['is a path', 'HostUnknown', moduleAt('/srv/git/lib.git')],
    ['has a line that is none', 'PullFailed', `${moduleAt('https://git.example.com/acme/lib.git')}[oops\n`],
  ])('is of the delivered commit alone where a submodule of the tip %s', async (_, name, modules) => {
    const older = await push({ 'i.txt': modules });
    const tip = await pushModules(modules);
    const more = options({ submodules: true });
    expect(await pulled({ delivered: older, ...more })).toMatchObject({
      ...{ outcome: 'pulled', commit: older, tip: '', tipKey: '', key: key(older, more) },
    });
    await expect(pull(inputOf({ delivered: tip, ...more }))).rejects.toMatchObject({ name });
    await here.app.git('reset', '--quiet', '--hard', older);
    await push({ 'i.txt': '3' });
  });

  it('is of the delivered commit alone where no folder holds a name of the tip', async () => {
    const older = await push({ 'j.txt': '1' });
    const id = await here.app.git('rev-parse', `${older}:j.txt`);
    await here.app.git('update-index', '--add', '--cacheinfo', `100644,${id},${'n'.repeat(300)}`);
    await here.app.git('commit', '--quiet', '-m', 'Long');
    await here.app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    const more = options({ git: true });
    expect(await pulled({ delivered: older, ...more })).toMatchObject({ commit: older, tip: '' });
    expect(log.at(-1)).toMatch(/becomes no artifact, and the pointer stays: a path of the commit is longer/);
    await here.app.git('reset', '--quiet', '--hard', older);
    await push({ 'j.txt': '2' });
  });

  it('leaves the pointer where a tag was moved to what is no commit', async () => {
    const older = await push({ 'k.txt': '1' });
    const tree = await here.app.git('rev-parse', `${older}^{tree}`);
    await here.app.git('push', '--quiet', 'origin', `${tree}:refs/tags/moved`);
    expect(await pulled({ ref: 'refs/tags/moved', delivered: older })).toMatchObject({
      ...{ outcome: 'off-ref', commit: older, tip: '', tipKey: '' },
    });
  });

  it('fails where a submodule of the tip at its own host may be had the next time', async () => {
    const older = await push({ 'l.txt': '1' });
    await pushSubmodule('acme/lib');
    const { remote } = here.access;
    const trust = { host: 'git', hasAuthority: false };
    vi.spyOn(here.access, 'remote').mockImplementation((name) => ({ ...remote(name), trust }));
    const { run } = Git.prototype;
    vi.spyOn(Git.prototype, 'run').mockImplementation(function (this: Git, args, of) {
      const stderr = 'The requested URL returned error: 503';
      return of?.remote?.url.endsWith('/acme/lib.git')
        ? Promise.reject(new GitFailure({ command: 'fetch', status: 128, stderr }))
        : run.call(this, args, of);
    });
    const failed = pull(inputOf({ delivered: older, ...options({ submodules: true }) }));
    await expect(failed).rejects.toMatchObject({ name: 'HostUnreachable' });
    await here.app.git('reset', '--quiet', '--hard', older);
    await push({ 'l.txt': '2' });
  });

  it('fails where its own repository refuses the tip, which it may not the next time', async () => {
    const older = await push({ 'g.txt': '1' });
    const tip = await push({ 'g.txt': '2' });
    const { run } = Git.prototype;
    vi.spyOn(Git.prototype, 'run').mockImplementation(function (this: Git, args, of) {
      const stderr = 'The requested URL returned error: 403';
      return args.includes(tip) && args[0] === 'fetch'
        ? Promise.reject(new GitFailure({ command: 'fetch', status: 128, stderr }))
        : run.call(this, args, of);
    });
    const more = options({ submodules: true });
    await expect(pull(inputOf({ delivered: older, ...more }))).rejects.toMatchObject({
      name: 'CredentialRefused',
    });
  });

  it('fails where the tip fails for a reason that may pass, so that the pointer follows the ref the next time', async () => {
    const older = await push({ 'h.txt': '1' });
    const newer = await push({ 'h.txt': '2' });
    aws.beforePut = (name) => {
      if (name === key(newer)) throw new AwsError('InternalError', 'no', 500);
    };
    const failed = pull(inputOf({ delivered: older }));
    await expect(failed).rejects.toMatchObject({
      name: 'PullFailed',
      message: expect.stringMatching(/^InternalError: /),
    });
    aws.beforePut = () => {};
    expect(aws.objects.has(key(older))).toBe(true);
  });

  it('says that the ref is gone', async () => {
    const commit = '1'.repeat(40);
    const ref = 'refs/heads/gone';
    expect(await pulled({ ref, delivered: commit })).toEqual({
      ...{ outcome: 'gone', token: '1', commit, tip: '', ...nothing, tokens: 1 },
    });
    expect(log).toContain(`token 1: refs/heads/gone is gone at ${here.remote.url}`);
    expect(await pulled({ ref })).toMatchObject({ outcome: 'gone', commit: '', token: '2' });
  });

  it('takes no token for what the rule does not take', async () => {
    const before = await push({ 'docs/e.md': '1' });
    const delivered = await push({ 'docs/e.md': '2' });
    const asked = { values: [], 'paths-ignore': ['docs/**'] };
    expect(await pulled({ ref: 'refs/heads/none', delivered, before, asked })).toEqual({
      ...{ outcome: 'filtered', token: '0', commit: delivered, tip: '', ...nothing, tokens: 0 },
      reason: expect.stringContaining('git diff'),
    });
    const head = await pushed(here.app, { 'i.txt': '1' }, 'refs/heads/skip', 'x [skip ci]');
    const mergeOf = { number: 1, head, base: 'main' };
    const skip = { values: [], skip: ['ci-words' as const] };
    expect(await pulled({ ref: 'refs/heads/none', mergeOf, asked: skip })).toMatchObject({
      ...{ outcome: 'filtered', commit: head, tokens: 0 },
    });
  });

  it('makes no artifact of a commit that is not on its ref, and one of the tip', async () => {
    await push({ 'f.txt': '0' });
    const side = await push({ 'side.txt': 's' }, 'refs/heads/side');
    await here.app.git('reset', '--quiet', '--hard', 'HEAD^');
    const tip = await push({ 'f.txt': '1' });
    expect(await pulled({ delivered: side })).toEqual({
      ...{ ...nothing, outcome: 'off-ref', token: expect.any(String), commit: side, tip, reason: '' },
      tipKey: key(tip),
      tokens: expect.any(Number),
    });
    expect(waits).toEqual([1000, 3000]);
    expect(aws.objects.has(key(side))).toBe(false);
    expect(aws.objects.has(key(tip))).toBe(true);
  });

  it('makes nothing of what a fork has pushed since, which nobody has approved', async () => {
    const approved = await push({ 'a.txt': 'approved' }, 'refs/pull/7/head');
    const later = await push({ 'a.txt': 'later' }, 'refs/pull/7/head');
    const input = { ref: 'refs/pull/7/head', delivered: approved, ofFork: true };
    const behind = { commit: approved, tip: '', tipKey: '' };
    expect(await pulled(input)).toMatchObject({ ...behind, outcome: 'pulled', key: key(approved) });
    expect(log).toContain(`${later} is not the approved commit, and the pointer stays`);
    await here.app.git('reset', '--quiet', '--hard', 'HEAD^^');
    const forced = await push({ 'a.txt': 'forced' }, 'refs/pull/7/head');
    expect(await pulled(input)).toMatchObject({ ...behind, outcome: 'off-ref', key: '' });
    expect([later, forced].some((commit) => aws.objects.has(key(commit)))).toBe(false);
    expect(await pulled({ ...input, delivered: forced })).toMatchObject({ tip: forced, tipKey: key(forced) });
  });

  it('looks again where the host does not have the commit that it has just told of', async () => {
    const commit = await push({ 'm.txt': '1' });
    const { run } = Git.prototype;
    // no pull of a work tree begins with what another one has kept
    const more = options({ git: true });
    let refused = 0;
    const refuse = (times: number) =>
      vi.spyOn(Git.prototype, 'run').mockImplementation(function (this: Git, args, of) {
        const stderr = `fatal: remote error: upload-pack: not our ref ${commit}`;
        return args[0] === 'fetch' && refused++ < times
          ? Promise.reject(new GitFailure({ command: 'fetch', status: 128, stderr }))
          : run.call(this, args, of);
      });
    refuse(2);
    const { outcome, tokens } = await pulled({ delivered: commit, ...more });
    expect([outcome, waits]).toEqual(['pulled', [1000, 3000]]);
    expect(log.filter((line) => line.startsWith('looking again in'))).toHaveLength(2);
    refused = 0;
    aws.objects.clear();
    refuse(3);
    await expect(pulled({ delivered: commit, ...more })).rejects.toMatchObject({
      name: 'CommitUnreachable',
    });
    expect(aws.tokens.get(pointerOf(inputOf(more)))).toBe(tokens + 3);
    // moved on in between
    refused = 0;
    aws.objects.clear();
    vi.spyOn(Git.prototype, 'run').mockImplementation(async function (this: Git, args, of) {
      if (args[0] === 'fetch' && refused++ === 0) {
        await here.app.git('push', '--quiet', 'origin', ':refs/heads/moving');
        const stderr = `fatal: remote error: upload-pack: not our ref ${commit}`;
        throw new GitFailure({ command: 'fetch', status: 128, stderr });
      }
      return run.call(this, args, of);
    });
    await here.app.git('push', '--quiet', 'origin', `${commit}:refs/heads/moving`);
    expect(await pulled({ ref: 'refs/heads/moving', delivered: commit, ...more })).toMatchObject({
      outcome: 'gone',
    });
  });

  it('asks again for a tip that the host does not have yet', async () => {
    const older = await push({ 'o.txt': '1' });
    const tip = await push({ 'o.txt': '2' });
    const { run } = Git.prototype;
    let refused = 0;
    vi.spyOn(Git.prototype, 'run').mockImplementation(function (this: Git, args, of) {
      const isWhole = args[0] === 'fetch' && !args.some((arg) => arg.includes('filter'));
      const stderr = `fatal: remote error: upload-pack: not our ref ${tip}`;
      return isWhole && args.includes(tip) && refused++ < 2
        ? Promise.reject(new GitFailure({ command: 'fetch', status: 128, stderr }))
        : run.call(this, args, of);
    });
    const more = options({ git: true });
    expect(await pulled({ delivered: older, ...more })).toMatchObject({
      ...{ commit: older, tip, tipKey: key(tip, more) },
    });
    expect(waits).toEqual([1000, 3000]);
  });

  it('of a commit that the host has no more says what the look-up says, though its message is asked for', async () => {
    const tip = await push({ 'n.txt': '1' });
    const asked = { values: [], skip: ['ci-words' as const] };
    const gone = '2'.repeat(40);
    expect(await pulled({ delivered: gone, asked })).toMatchObject({ outcome: 'off-ref', commit: gone, tip });
    expect(await pulled({ ref: 'refs/heads/away', delivered: gone, asked })).toMatchObject({
      outcome: 'gone',
    });
  });

  it('gives way to a newer delivery that the rule has claimed', async () => {
    const older = await push({ 'g.txt': '1' });
    const newer = await push({ 'g.txt': '2' });
    const input = { delivered: older, asked: { values: [], giveWay: 'skipping' } };
    aws.claimed.set(pointerOf(inputOf()), newer);
    expect(await pulled(input)).toEqual({
      ...{ outcome: 'behind', token: expect.any(String), commit: older, tip: newer, ...nothing },
      reason: `refs/heads/main had moved on to ${newer} when the build started, and the rule takes a newer push: no artifact of ${older} was made`,
      tokens: expect.any(Number),
    });
    expect(aws.objects.has(key(older))).toBe(false);
    aws.claimed.clear();
    expect(await pulled(input)).toMatchObject({ outcome: 'pulled' });
    expect(waits).toEqual([2000]);
  });

  it('is refused for a ref that git does not take, before anything', async () => {
    await expect(pulled({ ref: 'refs/heads/a..b' })).rejects.toMatchObject({ name: 'RefInvalid' });
  });

  it('of a folder takes the last artifact where the folder is as it was', async () => {
    const more = options({ path: 'folder' });
    const first = await push({ 'folder/x.txt': 'x' });
    const made = await pulled({ delivered: first, ...more });
    expect(made.content).toMatch(/^[0-9a-f]{40}/);
    aws.published.set(pointerOf(inputOf(more)), made.key);
    const second = await push({ 'beside.txt': 'y' });
    expect(await pulled({ delivered: second, ...more })).toMatchObject({
      commit: second,
      key: made.key,
      content: made.content,
    });
    expect(log).toContain(`folder is as it was: artifact ${made.key} stands for ${second} too`);
    const third = await push({ 'folder/x.txt': 'z' });
    const [older, newer] = [await pulled({ delivered: second, ...more }), third];
    expect(older).toMatchObject({ key: made.key, tip: newer, tipKey: key(newer, more) });
    const fourth = await push({ 'beside.txt': 'z' });
    expect(await pulled({ delivered: third, ...more })).toMatchObject({
      ...{ key: key(third, more), tip: fourth, tipKey: key(third, more) },
    });
    await here.app.git('rm', '-r', '--quiet', 'folder');
    const without = await push({});
    expect(await pulled({ delivered: third, ...more })).toMatchObject({
      key: key(third, more),
      tip: without,
      tipKey: '',
    });
    await expect(pull(inputOf({ delivered: without, ...more }))).rejects.toMatchObject({
      name: 'FolderMissing',
    });
  });
});
