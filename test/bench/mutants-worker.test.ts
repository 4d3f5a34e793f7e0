import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Coverage } from '../support/mutants/rooms/journal.ts';
import { testsThatLoad } from '../support/mutants/rooms/loading-tests.ts';
import { doWork } from '../support/mutants/rooms/workers.ts';
import { ROOT } from '../support/mutants/tree.ts';

let tree: string;
beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'hookline-mutants-worker-'));
  await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  for (const path of ['package.json', 'test/support/patience.ts', 'test/support/mutants/rooms'])
    await cp(join(ROOT, path), join(tree, path), { recursive: true });
});
afterAll(() => rm(tree, { recursive: true, force: true }));

async function plant(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), text);
  }
}

describe('a worker', () => {
  it('keeps a mock of a module to the file that has it', async () => {
    const test = (text: string) =>
      `import { expect, it, vi } from 'vitest';\nimport { of } from '../of.ts';\n${text}`;
    await plant({
      'of.ts':
        "import { setTimeout } from 'node:timers/promises';\nexport const of = () => setTimeout(1, 'real');\n",
      'test/one.test.ts': test(
        "vi.mock('node:timers/promises', () => ({ setTimeout: async () => 'mock' }));\nit('mocks', async () => expect(await of()).toBe('mock'));\n",
      ),
      'test/two.test.ts': test("it('is real', async () => expect(await of()).toBe('real'));\n"),
    });
    const found: Coverage[] = [];
    await doWork(tree, '0', {
      unknown: ['test/one.test.ts', 'test/two.test.ts'].map((file) => ({ file, limit: 300_000 })),
      mutants: [],
      over: () => false,
      told: (entry) => {
        if ('coverage' in entry) found.push(entry.coverage);
      },
    });
    expect(found.map(({ file, failed }) => [file, failed])).toEqual([
      ['test/one.test.ts', undefined],
      ['test/two.test.ts', undefined],
    ]);
  });
});

describe('the tests that may find a fault of a file', () => {
  const STARTER = 'test/support/mutants/rooms/programs.ts';

  it('are those that load the file, or start a program that does', async () => {
    await plant({
      'functions/pull/index.ts': "import './deep.ts';\n",
      'functions/pull/deep.ts': 'export const deep = 1;\n',
      'functions/other.ts': 'export const other = 1;\n',
      'test/support/helper.ts':
        "import { deep } from '../../functions/pull/deep.ts';\nexport const of = deep;\n",
      'test/loads.test.ts': "import { of } from './support/helper.ts';\nconsole.log(of);\n",
      'test/starts.test.ts': `import { environmentOfMutants } from '../${STARTER}';\nenvironmentOfMutants();\n`,
      'test/neither.test.ts': "import { other } from '../functions/other.ts';\nconsole.log(other);\n",
    });
    const tests = ['test/loads.test.ts', 'test/neither.test.ts', 'test/starts.test.ts'];
    const found = await testsThatLoad(tree, tests, ['functions/pull/deep.ts', 'functions/other.ts']);
    expect([...found]).toEqual([
      ['functions/pull/deep.ts', ['test/loads.test.ts', 'test/starts.test.ts']],
      ['functions/other.ts', ['test/neither.test.ts']],
    ]);
  });
});
