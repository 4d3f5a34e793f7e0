import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { consolePage } from '../../cli/console/page.ts';
import { synthesize } from '../../cli/up/synthesis.ts';

/** One cloud assembly and one console page for every test that needs them; made of the tree as it stands. */
export default async function setup(project: TestProject): Promise<void> {
  const { directory } = await synthesize(fileURLToPath(new URL('../..', import.meta.url)));
  project.provide('assembly', directory);
  await consolePage()();
}
