import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { lookUntilMerged } from '../../../functions/pull/merge-ref.ts';
import { type AnsweringApi, startAnsweringApi } from '../../support/api-answers.ts';
import { stubAwsEnvironment } from '../../support/functions/aws-environment.ts';
import { type Aws, startAws } from '../../support/functions/pull-aws.ts';
import { type Here, openHere, pushed, writeObject } from '../../support/functions/pull-here.ts';

const waits: number[] = [];
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<typeof import('node:timers/promises')>()),
  setTimeout: async (ms: number) => void waits.push(ms),
}));

let here: Here;
let aws: Aws;
let api: AnsweringApi;
let log: string[];
/** the head of the request, and a merge of it into its base */
let head: string;
let merge: string;
beforeAll(async () => {
  [here, aws, api] = await Promise.all([openHere(), startAws(), startAnsweringApi()]);
  aws.credentials = { git: { token: 'a-token' } };
  aws.hosts = { git: { provider: 'github', url: 'https://git.example.com', api: api.url } };
  stubAwsEnvironment(aws.endpoint);
  const { app } = here;
  const base = await pushed(app, { 'a.txt': 'a' });
  head = await pushed(app, { 'b.txt': 'b' }, 'refs/heads/topic');
  await app.git('checkout', '--quiet', base);
  await app.git('merge', '--quiet', '--no-ff', '-m', `Merge\n\nparent ${'1'.repeat(40)}`, head);
  await app.git('push', '--quiet', 'origin', 'HEAD:refs/pull/7/merge');
  merge = await app.git('rev-parse', 'HEAD');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([here?.close(), aws?.close(), api?.close()]);
});
beforeEach(() => {
  waits.length = 0;
  log = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text)) > 0);
  return () => vi.restoreAllMocks();
});

const request = (more: object = {}) => ({
  number: 7,
  state: 'open',
  head: { ref: 'topic', sha: head },
  base: { ref: 'main' },
  ...more,
});
/** Looks at each of the tips in turn, and at the last again. */
async function merged(tips: (string | undefined)[], of = head) {
  let looks = 0;
  const look = async () => {
    const id = tips[Math.min(looks++, tips.length - 1)];
    return { tip: id === undefined ? undefined : { id, commit: id }, look: looks };
  };
  const work = here.context({ ref: 'refs/pull/7/merge' });
  return lookUntilMerged(work, { number: 7, head: of, base: 'main' }, look);
}

describe('the merge of a request', () => {
  it('is what its ref holds where that merges the delivered head', async () => {
    api.answer(() => ({ body: request() }));
    expect(await merged([merge])).toEqual({ tip: { id: merge, commit: merge }, look: 1, onRef: true });
    expect([api.asked, waits]).toEqual([[], []]);
  });

  it('is waited for while the host makes it', async () => {
    api.answer(() => ({ body: request() }));
    expect(await merged([undefined, head, merge])).toMatchObject({ look: 3, onRef: true });
    expect(waits).toEqual([1000, 3000]);
    expect(log).toEqual([
      `refs/pull/7/merge is not the merge of ${head}: looking again in 1 s\n`,
      `refs/pull/7/merge is not the merge of ${head}: looking again in 3 s\n`,
    ]);
    expect(api.asked.map(({ path }) => path)).toEqual(['/repos/acme/app/pulls/7', '/repos/acme/app/pulls/7']);
  });

  it.each([{ state: 'closed' }, { head: { ref: 'topic', sha: '2'.repeat(40) } }])(
    'is not waited for of a request that is another by now: %j',
    async (more) => {
      api.answer(() => ({ body: request(more) }));
      expect(await merged([undefined])).toEqual({ tip: undefined, look: 1, onRef: false });
      expect(waits).toEqual([]);
    },
  );

  it('conflicts where the host says so, and only then', async () => {
    api.answer(() => ({ body: request({ mergeable: false }) }));
    await expect(merged([undefined])).rejects.toMatchObject({
      name: 'MergeConflict',
      message: `pull request 7 at ${head} conflicts with main, so that there is no merge to build: merge main into its branch, and push`,
    });
    api.answer(() => ({ body: request({ mergeable: true }) }));
    expect(await merged([undefined, merge])).toMatchObject({ onRef: true });
  });

  it('is none of a commit that names the head in another line of its header', async () => {
    const { app } = here;
    const tree = await app.git('rev-parse', 'HEAD^{tree}');
    const person = 'A <a@example.com> 1700000000 +0000';
    const people = `author ${person}\ncommitter ${person}\n`;
    const text = `tree ${tree}\nparent ${head}\n${people}gpgsig x\n parent ${head}\n\nx\n`;
    const forged = writeObject(`${app.folder}/.git`, 'commit', text);
    await app.git('push', '--quiet', '--force', 'origin', `${forged}:refs/heads/forged`);
    api.answer(() => ({ body: request() }));
    expect(await merged([forged, merge])).toMatchObject({ look: 2, onRef: true });
  });

  it('is missing after ten seconds', async () => {
    api.answer(() => ({ body: request() }));
    await expect(merged([merge], '3'.repeat(40))).resolves.toMatchObject({ onRef: false });
    await expect(merged([head])).rejects.toMatchObject({
      name: 'MergeMissing',
      message: `the host has no merge of ${head} at refs/pull/7/merge: a conflict with main is the usual cause, which a push to the request's branch resolves`,
    });
    expect(waits).toEqual([1000, 3000, 6000]);
  });

  it('is waited for where the host does not say how the request is', async () => {
    api.answer(() => ({ status: 404, body: { message: 'Not Found' } }));
    expect(await merged([undefined, merge])).toMatchObject({ look: 2, onRef: true });
    expect(log[0]).toMatch(/^pull request 7 is not to be asked about: /);
  });
});
