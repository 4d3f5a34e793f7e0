import { fileURLToPath } from 'node:url';
import { synthesize } from '../../cli/up/synthesis.ts';

/** One cloud assembly for every test that runs it; made of the tree as it stands. */
export default async function setup(): Promise<void> {
  await synthesize(fileURLToPath(new URL('../..', import.meta.url)));
}
