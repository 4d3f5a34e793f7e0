import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOMS } from './room-mutant.ts';

/** The test files of the rooms, from the repository's root. @param long those of the long mode too */
export async function testFiles(tree: string, long: boolean): Promise<string[]> {
  const found = await Promise.all(
    ROOMS.map(async (room) => {
      const names = await readdir(join(tree, 'test', room), { recursive: true });
      return names.map((name) => `test/${room}/${name}`);
    }),
  );
  return found
    .flat()
    .filter((name) => name.endsWith('.test.ts') && (long || !name.endsWith('.long.test.ts')))
    .sort();
}

/** How near a test file stands to a source: the longest beginning of their paths that is the same, in folders. */
export function nearness(test: string, source: string): number {
  const [ofTest, ofSource] = [parts(test.slice('test/'.length)), parts(source)];
  const other = ofTest.findIndex((part, index) => part !== ofSource[index]);
  return other < 0 ? ofTest.length : other;
}

const parts = (path: string): string[] => path.replace(/(\.long)?(\.test)?\.ts$/, '').split('/');
