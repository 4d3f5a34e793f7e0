import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type RunningHost, SECRET, startHost, workTree } from '../support/git-host.ts';
import type { Repository } from '../support/repository.ts';

let host: RunningHost;
let work: Repository;
beforeEach(async () => {
  [host, work] = await Promise.all([startHost(), workTree()]);
});
afterEach(async () => {
  await host.remove();
  await work.remove();
});

it('what a killed host had begun to write is removed by the next start, and no branch of such a name', async () => {
  await work.git('push', '--quiet', host.clone('acme/app'), 'HEAD:refs/heads/some.draft');
  await host.close();
  const repository = join('repositories', 'acme', 'app.git');
  const begun = [
    'secrets.json.1.draft',
    join('deliveries', '1.json.1.draft'),
    join('drafts', '1', 'HEAD'),
    join(repository, 'hookline', 'pulls.json.1.draft'),
    join(repository, 'lfs', 'drafts', '1'),
  ].map((path) => join(host.directory, path));
  for (const path of begun) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'half');
  }
  host = await startHost(host.directory);
  await host.gitHost.addHook({ url: 'http://127.0.0.1:1/hook', secret: SECRET, events: ['push'] });
  const left = (await readdir(host.directory, { recursive: true })).filter((path) => path.includes('draft'));
  expect(left).toEqual([join(repository, 'refs', 'heads', 'some.draft')]);
});
