import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../local/testing.ts';
import { ROOT } from '../../support/docs/commands.ts';
import { localPage } from '../../support/docs/local-page.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('docs/local.md lists every operation, every resource type, and what has no effect', async () => {
  const page = join(ROOT, 'docs/local.md');
  await expect(await localPage(page, folder.path)).toMatchFileSnapshot(page);
});
