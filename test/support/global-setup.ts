import { fileURLToPath } from 'node:url';
import { consolePage } from '../../cli/console/page.ts';
import { synthesize } from '../../cli/up/synthesis.ts';

/** One cloud assembly and one console page for every test that needs them; made of the tree as it stands. */
export default async function setup(): Promise<void> {
  await synthesize(fileURLToPath(new URL('../..', import.meta.url)));
  await consolePage()();
}
