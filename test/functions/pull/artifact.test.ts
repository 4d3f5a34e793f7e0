import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { pullOptionsSchema } from '../../../events/pull-options.ts';
import { artifactFor } from '../../../functions/pull/artifact.ts';
import { keptKeyOf, keyOf } from '../../../functions/pull/input.ts';
import { listTags, tagsHash } from '../../../functions/pull/tags.ts';
import { AwsError } from '../../../local/core/aws-error.ts';
import { stubAwsEnvironment } from '../../support/functions/aws-environment.ts';
import { type Aws, startAws } from '../../support/functions/pull-aws.ts';
import { type Here, openHere, pushed } from '../../support/functions/pull-here.ts';
import { readZip } from '../../support/zip.ts';

let here: Here;
let aws: Aws;
let log: string[];
beforeAll(async () => {
  [here, aws] = await Promise.all([openHere(), startAws()]);
  stubAwsEnvironment(aws.endpoint);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([here?.close(), aws?.close()]);
});
beforeEach(() => {
  aws.beforePut = () => {};
  log = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text).trimEnd()) > 0);
  return () => vi.restoreAllMocks();
});

const of = (options: object) => here.context({ options: pullOptionsSchema.parse(options) });
const names = async (key: string) => [
  ...(await readZip(aws.objects.get(key)?.body ?? Buffer.alloc(0))).keys(),
];
/** Refuses so many writes, as for another writer, and counts them. */
function refusing(times: number) {
  const counter = { writes: 0 };
  aws.beforePut = (key) => {
    if (key.startsWith('commits/') && counter.writes++ < times)
      throw new AwsError('ConditionalRequestConflict', key, 409);
  };
  return counter;
}

describe('an artifact that another writer is in the way of', () => {
  it('is written at the third try', async () => {
    const commit = await pushed(here.app, { 'a.txt': 'third' });
    const counter = refusing(2);
    const { key, bytes } = await artifactFor(here.context(), commit);
    expect(counter.writes).toBe(3);
    expect(aws.objects.get(key)?.body.length).toBe(bytes);
    expect(log).toContainEqual(
      expect.stringMatching(new RegExp(`^artifact ${key}: 0\\.0 MB in \\d{1,5} ms$`)),
    );
    expect(log).toContainEqual(expect.stringMatching(new RegExp(`^fetched ${commit} in \\d{1,5} ms$`)));
  });

  it('is refused at the third', async () => {
    const commit = await pushed(here.app, { 'a.txt': 'never' });
    const counter = refusing(9);
    const work = of({ submodules: true });
    const key = keyOf(work.input, commit);
    await expect(artifactFor(work, commit)).rejects.toMatchObject({
      name: 'PullFailed',
      message: `artifact ${key} was refused 3 times for another writer; run it again`,
    });
    expect([counter.writes, aws.leases.size]).toEqual([3, 0]);
  });
});

describe('the artifact of a tag', () => {
  it('is that of its commit, also where it is there already', async () => {
    const work = of({ submodules: true });
    const commit = await pushed(here.app, { 'a.txt': 'tagged' });
    await here.app.git('tag', '-a', '-m', 'one', 'v1');
    await here.app.git('push', '--quiet', 'origin', 'v1');
    const tag = await here.app.git('rev-parse', 'v1');
    const made = await artifactFor(work, tag);
    expect(made).toMatchObject({ commit, key: keyOf(work.input, commit) });
    const counter = refusing(0);
    log = [];
    expect(await artifactFor(work, tag)).toEqual({ ...made, sha256: undefined });
    expect([counter.writes, log.at(-1)]).toEqual([0, `artifact ${made.key} is there already`]);
    log = [];
    expect(await artifactFor(work, tag, commit)).toMatchObject({ commit, key: made.key });
    expect(log).toEqual([`artifact ${made.key} is there already`]);
  });
});

describe('an artifact with a .git folder', () => {
  it('has its history and the tags of it, by a key that is another with each tag', async () => {
    const first = await pushed(here.app, { 'b.txt': '1' });
    await here.app.git('tag', 'light', first);
    await here.app.git('push', '--quiet', 'origin', 'light');
    const commit = await pushed(here.app, { 'b.txt': '2' });
    const work = of({ git: { depth: 'full', tags: true } });
    const hash = tagsHash(await listTags(here.git, here.remote));
    const { key } = await artifactFor(work, commit);
    expect(key).toBe(keyOf(work.input, commit, hash));
    const zip = await readZip(aws.objects.get(key)?.body ?? Buffer.alloc(0));
    expect(zip.get('.git/packed-refs')?.body.toString()).toContain(`${first} refs/tags/light`);
    expect(zip.get('b.txt')?.body.toString()).toBe('2');
    expect(zip.has('.git/shallow')).toBe(false);
    const alone = await artifactFor(of({ git: true }), commit);
    expect(await names(alone.key)).toEqual(expect.arrayContaining(['.git/HEAD', '.git/shallow', 'b.txt']));
    expect((await names(alone.key)).includes('.git/packed-refs')).toBe(false);
    expect(aws.objects.has(keptKeyOf(work.input))).toBe(false);
  });
});

describe('the artifact of a folder', () => {
  it('is one of the earlier ones where its content is the same', async () => {
    const work = of({ path: 'f' });
    const first = await artifactFor(work, await pushed(here.app, { 'f/x.txt': '1' }));
    const second = await artifactFor(work, await pushed(here.app, { 'f/x.txt': '2' }));
    const back = await pushed(here.app, { 'f/x.txt': '1' });
    expect(first.content).not.toBe(second.content);
    expect(aws.objects.get(first.key)?.metadata.content).toBe(first.content);
    const { objects } = aws;
    const get = objects.get.bind(objects);
    // S3 takes a look at no key for one at the bucket, which a build may not
    vi.spyOn(objects, 'get').mockImplementation((key) => {
      if (key === '') throw new AwsError('AccessDenied', key, 403);
      return get(key);
    });
    const ran = vi.spyOn(here.git, 'run');
    const found = await artifactFor(work, back, back, ['', 'none.zip', second.key, first.key]);
    const fetches = ran.mock.calls.flatMap(([args]) => (args[0] === 'fetch' ? [args] : []));
    expect(fetches).toEqual([expect.arrayContaining(['--depth=1', '--filter=tree:1'])]);
    expect(found).toMatchObject({ commit: back, key: first.key });
    expect(log).toContain(`f is as it was: artifact ${first.key} stands for ${back} too`);
    const own = await artifactFor(work, back, back, [second.key]);
    expect(own.key).toBe(keyOf(work.input, back));
    const whole = await pushed(here.app, { 'g.txt': '1' });
    const plain = await artifactFor(of({ submodules: true }), whole, whole, [first.key]);
    expect(plain.key).not.toBe(first.key);
  });
});
