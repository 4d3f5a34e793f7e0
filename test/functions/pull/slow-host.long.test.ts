import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Git } from '../../../functions/pull/git.ts';
import { bareRepository, fetchCommit } from '../../../functions/pull/repository.ts';
import { type GitHttp, serveGit } from '../../support/git-http.ts';
import { createRepository, type Repository } from '../../support/repository.ts';

/** git knows whole seconds, and a host that makes a large pack says a byte or five in each of them. */
const PATIENCE_SECONDS = 2;
const SILENT_SECONDS = 3 * PATIENCE_SECONDS;

describe('a host that takes long to make its pack', () => {
  let folder: string;
  let host: GitHttp;
  let app: Repository;
  let commit: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hookline-slow-host-'));
    const root = join(folder, 'repositories');
    const bare = join(root, 'acme/app.git');
    await execa('git', ['init', '--quiet', '--bare', bare]);
    host = await serveGit(root);
    app = await createRepository();
    commit = await app.commit({ file: 'content' });
    await app.git('push', '--quiet', bare, 'HEAD:refs/heads/main');
    const hook = join(folder, 'pack-objects');
    await writeFile(hook, `#!/bin/sh\nsleep ${SILENT_SECONDS}\nexec "$@"\n`);
    await chmod(hook, 0o755);
    host.config = { 'uploadpack.packObjectsHook': hook, 'uploadpack.keepAlive': '1' };
  });
  afterAll(async () => {
    await host?.close();
    await app?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('is waited for while it keeps the line alive', async () => {
    const git = new Git(folder);
    const remote = {
      url: `${host.url}/acme/app.git`,
      protocol: 'http',
      config: [['http.lowSpeedTime', String(PATIENCE_SECONDS)]] as const,
      env: {},
      credential: 'none',
    };
    expect(await fetchCommit(git, await bareRepository(git, commit), remote, commit)).toBe(commit);
    const fetches = host.requests.filter(({ url }) => url.endsWith('/git-upload-pack'));
    expect(fetches.length).toBeLessThanOrEqual(2); // one lists the refs, where git's protocol is the second one
  });
});
