import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { ROOT } from '../tree.ts';
import { type Coverage, coverageSchema } from './journal.ts';
import { ROOMS, type RoomMutant } from './room-mutant.ts';

const FILE = join(ROOT, 'node_modules/.cache/hookline-mutants/tried.jsonl');

const keptMutant = z.object({
  key: z.string(),
  /** what it was found with */
  state: z.string(),
  killedBy: z.string().optional(),
});
const keptCoverage = z.object({ coverage: coverageSchema, state: z.string() });
const line = z.union([keptMutant, keptCoverage]);

/** What an earlier run has found and what still holds: it goes on where that one ended. */
export interface Kept {
  coverage(file: string): Coverage | undefined;
  mutant(mutant: RoomMutant): { killedBy?: string | undefined } | undefined;
  keepCoverage(coverage: Coverage): Promise<void>;
  keepMutant(mutant: RoomMutant, killedBy: string | undefined): Promise<void>;
}

/**
 * @param sources the files with mutants: these are numbered through them
 * @param resume without, what was found before is forgotten
 */
export async function openKept(tree: string, sources: readonly string[], resume: boolean): Promise<Kept> {
  if (!resume) await rm(FILE, { force: true });
  await mkdir(dirname(FILE), { recursive: true });
  const lines = (await readFile(FILE, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const entries = lines.map((text) => line.parse(JSON.parse(text)));
  const hashes = await hashesOf(tree);
  const all = hash([...hashes].flat().join('\n'));
  const isTest = (file: string): boolean => file.endsWith('.test.ts');
  const notTests = [...hashes].filter(([file]) => !isTest(file)).flat();
  const shared = hash(notTests.concat(sources).join('\n'));
  /** The numbers of the mutants hold while no source is another. */
  const stateOfTest = (file: string): string => `${shared} ${hashes.get(file)}`;
  const mutants = new Map(entries.flatMap((entry) => ('key' in entry ? [[entry.key, entry] as const] : [])));
  const coverages = new Map(
    entries.flatMap((entry) => ('key' in entry ? [] : [[entry.coverage.file, entry] as const])),
  );
  /** What was killed stays so while its file and the test do; what survived, while nothing is another. */
  const stateOf = ({ file }: RoomMutant, killedBy: string | undefined): string =>
    killedBy === undefined ? all : `${hashes.get(file)} ${hashes.get(testOf(killedBy)) ?? ''}`;
  const write = (entry: z.infer<typeof line>): Promise<void> =>
    appendFile(FILE, `${JSON.stringify(entry)}\n`);
  return {
    coverage: (file) => {
      const found = coverages.get(file);
      return found?.state === stateOfTest(file) ? found.coverage : undefined;
    },
    mutant: (mutant) => {
      const found = mutants.get(mutant.key);
      return found?.state === stateOf(mutant, found?.killedBy) ? found : undefined;
    },
    keepCoverage: (coverage) => write({ coverage, state: stateOfTest(coverage.file) }),
    keepMutant: (mutant, killedBy) => write({ key: mutant.key, killedBy, state: stateOf(mutant, killedBy) }),
  };
}

const testOf = (killedBy: string): string => killedBy.split(' > ')[0] ?? '';

async function hashesOf(tree: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const folder of [...ROOMS, 'test'])
    for (const name of (await readdir(join(tree, folder), { recursive: true })).sort())
      if (name.endsWith('.ts') && !name.startsWith('support/mutants/')) {
        const path = `${folder}/${name}`;
        hashes.set(path, hash(await readFile(join(tree, path), 'utf8')));
      }
  return hashes;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
