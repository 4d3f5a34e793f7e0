import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { optionsHash } from '../../../functions/shared/artifact.ts';
import { NO_VALUE } from '../../../statemachine/pull-exports.ts';
import { type Bench, openBench } from '../../support/functions/pull-program.ts';
import { readZip } from '../../support/zip.ts';

const plain = optionsHash({ submodules: false, lfs: false, git: false });
const keyOf = (commit: string) => `commits/git/acme/app/${plain}/${commit}.zip`;
const pointer = `git/acme/app/${plain}/refs/heads/main.zip`;

describe('the pull', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench?.close());

  /** Commits, pushes with force, and returns the commit. */
  const push = async (files: Record<string, string>, message = 'Change', ref = 'refs/heads/main') => {
    const commit = await bench.app.commit(files, message);
    await bench.app.git('push', '--quiet', '--force', 'origin', `HEAD:${ref}`);
    return commit;
  };
  const stored = (key: string | undefined) => {
    const object = bench.aws.objects.get(key ?? '');
    if (!object) throw new Error(`there is no object ${key}`);
    return object;
  };

  it('stores the delivered commit as git archive makes it, and says so in the exports', async () => {
    await symlink('a/b.txt', join(bench.app.folder, 'link'));
    const commit = await push({
      'a/b.txt': 'text\n',
      'run.sh': '#!/bin/sh\n',
      '.hidden': 'a dotfile\n',
      'ünï ©ode.txt': 'a name\n',
      'secret.txt': 'left out\n',
      '.gitattributes': 'secret.txt export-ignore\n',
    });
    const run = await bench.run({ commit });
    expect(run).toMatchObject({ status: 0, left: [] });
    expect(run.exports).toEqual({
      CONTENT: '-',
      OUTCOME: 'pulled',
      TOKEN: String(bench.aws.tokens.get(pointer)),
      COMMIT: commit,
      TIP: commit,
      KEY: keyOf(commit),
      VERSION_ID: stored(keyOf(commit)).versionId,
      TIP_KEY: keyOf(commit),
      BYTES: String(stored(keyOf(commit)).body.length),
      REASON: NO_VALUE,
      SUBJECT: NO_VALUE,
      MESSAGE: NO_VALUE,
      AUTHOR: NO_VALUE,
      TIME: NO_VALUE,
      FILES: NO_VALUE,
      CHANGED: NO_VALUE,
    });
    const { body } = stored(keyOf(commit));
    expect(body.equals(await bench.app.archive(commit))).toBe(true);
    const entries = await readZip(body);
    expect([...entries.keys()]).not.toContain('secret.txt');
    expect(
      [...entries].filter(([, { mode }]) => (mode & 0o170000) === 0o120000).map(([path]) => path),
    ).toEqual(['link']);
    expect((entries.get('run.sh')?.mode ?? 0) & 0o111).toBe(0o111);
    expect(entries.get('ünï ©ode.txt')?.body.toString()).toBe('a name\n');
  });

  it('says in the metadata what the artifact is, in ASCII', async () => {
    const commit = await push({ 'a.txt': '1' }, 'Añadir — grüße 日本\n\nbody');
    await bench.run({ commit, id: 'delivery-7' });
    expect(stored(keyOf(commit)).metadata).toEqual({
      commit,
      tree: await bench.app.git('rev-parse', `${commit}^{tree}`),
      ref: 'refs/heads/main',
      delivery: 'delivery-7',
      'codepipeline-artifact-revision-summary': `${commit.slice(0, 7)} Anadir ? gruße ??`.replace('ß', '?'),
    });
  });

  it('keeps a ref that is not ASCII in its metadata as encoded words', async () => {
    const ref = `refs/heads/${'ünï-日本-'.repeat(12)}x`;
    const commit = await push({ 'a.txt': 'ref' }, 'x', ref);
    const run = await bench.run({ commit, ref });
    const words = stored(run.exports.KEY).metadata.ref?.split(' ') ?? [];
    const decoded = words.map((word) =>
      Buffer.from(word.slice('=?UTF-8?B?'.length, -2), 'base64').toString(),
    );
    expect(decoded.join('')).toBe(ref);
    expect(words.every((word) => word.length <= 75)).toBe(true);
  });

  it('reuses an artifact that is there, with its version and size', async () => {
    const commit = await push({ 'a.txt': 'reused' });
    const first = await bench.run({ commit });
    const requests = bench.host.requests.length;
    const second = await bench.run({ commit });
    expect(second.exports).toEqual({ ...first.exports, TOKEN: String(Number(first.exports.TOKEN) + 1) });
    // of the look-up, and none of a fetch
    expect(bench.host.requests.length - requests).toBe(2);
    expect(second.output).toContain('is there already');
  });

  it('takes the artifact of a writer who was faster', async () => {
    const commit = await push({ 'a.txt': 'raced' });
    const theirs = { body: Buffer.from('theirs'), metadata: {}, versionId: 'v-theirs' };
    bench.aws.beforePut = (key) => void bench.aws.objects.set(key, theirs);
    const run = await bench.run({ commit });
    bench.aws.beforePut = () => {};
    expect(run).toMatchObject({ status: 0, exports: { VERSION_ID: 'v-theirs', BYTES: '6' } });
  });

  it('also makes the artifact of the tip when the ref has moved on', async () => {
    const older = await push({ 'a.txt': 'older' });
    const newer = await push({ 'a.txt': 'newer' });
    const { status, exports } = await bench.run({ commit: older });
    expect({ status, ...exports }).toMatchObject({
      status: 0,
      COMMIT: older,
      TIP: newer,
      TIP_KEY: keyOf(newer),
    });
    expect(stored(keyOf(older)).body.equals(await bench.app.archive(older))).toBe(true);
    expect(stored(keyOf(newer)).body.equals(await bench.app.archive(newer))).toBe(true);
  });

  it('pulls the tip for a delivery without a commit', async () => {
    const commit = await push({ 'a.txt': 'created' });
    expect((await bench.run({})).exports).toMatchObject({ COMMIT: commit, TIP: commit });
  });

  it('peels an annotated tag, and leaves a lightweight one alone', async () => {
    const commit = await push({ 'a.txt': 'tagged' });
    await bench.app.git('tag', '-a', '-m', 'one', 'v1');
    await bench.app.git('tag', 'v2');
    await bench.app.git('push', '--quiet', 'origin', 'v1', 'v2');
    const tag = await bench.app.git('rev-parse', 'v1');
    const annotated = await bench.run({ ref: 'refs/tags/v1', commit: tag });
    expect(annotated.exports).toMatchObject({ COMMIT: commit, TIP: commit, KEY: keyOf(commit) });
    const light = await bench.run({ ref: 'refs/tags/v2', commit });
    expect(light.exports).toMatchObject({ COMMIT: commit, TIP: commit });
  });

  it('says that a ref is gone, and does not mistake another ref with its end for it', async () => {
    const commit = await push({ 'a.txt': 'x' }, 'x', 'refs/heads/x/refs/heads/gone');
    const run = await bench.run({ ref: 'refs/heads/gone', commit });
    expect(run).toMatchObject({
      status: 0,
      exports: {
        OUTCOME: 'gone',
        TOKEN: '1',
        COMMIT: commit,
        TIP: NO_VALUE,
        KEY: NO_VALUE,
        VERSION_ID: NO_VALUE,
      },
    });
  });

  it('takes another token for another try when the host is down for a moment', async () => {
    const commit = await push({ 'a.txt': 'retried' });
    const before = bench.aws.tokens.get(pointer) ?? 0;
    let refused = 0;
    bench.host.intercept = (_request, response) => {
      if (refused++ > 0) return false;
      response.writeHead(503).end();
      return true;
    };
    const run = await bench.run({ commit });
    bench.host.intercept = () => false;
    expect(run).toMatchObject({ status: 0, exports: { TOKEN: String(before + 2), COMMIT: commit } });
    expect(run.output).toContain('again in 1 s');
  });

  it.each([
    ['nothing', 200, ''],
    ['no content', 204, ''],
    ['a page of one line', 200, '<html><h1>Down for maintenance</h1></html>'],
    ['a page', 200, '<html>\n<h1>Down for maintenance</h1>\n</html>\n'],
  ])('looks again where %s is answered in place of the refs', async (_, status, page) => {
    const commit = await push({ 'a.txt': page });
    for (const pull of [{}, { git: { tags: true } }]) {
      let answers = 0;
      bench.host.intercept = ({ url = '' }, response) => {
        // where nothing is listed, git asks for the file HEAD too
        if (!/\/(info\/refs|HEAD)/.test(url) || answers++ > 1) return false;
        response.writeHead(status, { 'content-type': 'text/html' }).end(page);
        return true;
      };
      const run = await bench.run({ commit, pull });
      bench.host.intercept = () => false;
      expect(run.output).toMatch(/again in 1 s: a page of something else was answered in place of /);
      expect(run, run.output).toMatchObject({ status: 0, exports: { OUTCOME: 'pulled', COMMIT: commit } });
    }
  });

  it('of a fork makes nothing of what was pushed after the approved commit', async () => {
    const ref = 'refs/pull/3/head';
    const commit = await push({ 'a.txt': 'approved' }, 'x', ref);
    const later = await push({ 'a.txt': 'later' }, 'x', ref);
    const head = { ref: 'topic', commit };
    const pullRequest = { number: 3, action: 'approved', draft: false, merged: false, head, base: 'main' };
    const run = await bench.run({ commit, ref, more: { pullRequest: { ...pullRequest, fork: true } } });
    const made = { OUTCOME: 'pulled', COMMIT: commit, KEY: keyOf(commit), TIP: NO_VALUE, TIP_KEY: NO_VALUE };
    expect(run.exports).toMatchObject(made);
    expect(bench.aws.objects.has(keyOf(later))).toBe(false);
  });

  it.each([() => '2', () => new Date(Date.now() + 2500).toUTCString()])(
    'waits as long as the host asks for, case %#',
    async (value) => {
      const commit = await push({ 'a.txt': 'waited' });
      let refused = 0;
      bench.host.intercept = (_request, response) => {
        if (refused++ > 0) return false;
        response.writeHead(429, { 'retry-after': value() }).end();
        return true;
      };
      const run = await bench.run({ commit });
      bench.host.intercept = () => false;
      expect(run).toMatchObject({ status: 0, left: [], exports: { COMMIT: commit } });
      expect(run.output).toMatch(/again in [23] s: .*429/);
    },
  );
});
