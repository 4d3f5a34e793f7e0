import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { openBench } from '../test/support/functions/pull-program.ts';
import { type Cost, costOf } from './pull.ts';

export interface LargeFigures {
  readonly cost: Cost;
  /** the most memory that the pull's program had, git not included */
  readonly megabytes: number;
  readonly artifactBytes: number;
  /** what the build's log says meanwhile */
  readonly progress: readonly string[];
}

const FILE_MB = 50;
const MB = 1_000_000;

/**
 * Pulls a repository of files that no compression makes smaller. It is held in memory twice, by the S3 in memory.
 * @throws for an artifact with other bytes than git's
 */
export async function measureLarge(megabytes: number): Promise<LargeFigures> {
  const bench = await openBench();
  try {
    const bare = join(bench.root, 'acme/app.git');
    const commit = await importLargeFiles(bare, Math.ceil(megabytes / FILE_MB));
    const memory = join(bench.folder, 'peak-memory');
    const module = new URL('peak-memory.mjs', import.meta.url).href;
    const env = { NODE_OPTIONS: `--import=${module}`, PEAK_MEMORY_FILE: memory };
    let log = '';
    const cost = await costOf(async () => {
      const { status, output } = await bench.run({ commit }, env);
      if (status !== 0) throw new Error(`the pull failed: ${output}`);
      log = output;
    });
    const made = [...bench.aws.objects].find(([key]) => key.includes(commit))?.[1].body ?? Buffer.alloc(0);
    if (hashOf([made]) !== hashOf(await archiveOf(bare, commit)))
      throw new Error('the artifact has other bytes than git makes');
    return {
      cost,
      megabytes: Number(await readFile(memory, 'utf8')) / 1000,
      artifactBytes: made.length,
      progress: log.split('\n').filter((line) => / so far$|^(remote: )?[A-Z][a-z]+ [a-z]+: +\d+%/.test(line)),
    };
  } finally {
    await bench.close();
  }
}

async function importLargeFiles(bare: string, count: number): Promise<string> {
  function* commands(): Generator<string | Buffer> {
    yield 'commit refs/heads/main\ncommitter Bench <bench@example.com> 1700000000 +0000\ndata 4\nmade\n';
    for (let number = 0; number < count; number++) {
      yield `M 100644 inline file${number}.bin\ndata ${FILE_MB * MB}\n`;
      for (let part = 0; part < FILE_MB; part++) yield randomBytes(MB);
      yield '\n';
    }
  }
  const settings = ['pack.compression=0', 'fastimport.unpackLimit=0'].flatMap((setting) => ['-c', setting]);
  const input = Readable.from(commands());
  await execa('git', [...settings, 'fast-import', '--quiet'], { cwd: bare, input });
  return (await execa('git', ['rev-parse', 'refs/heads/main'], { cwd: bare })).stdout;
}

async function archiveOf(bare: string, commit: string): Promise<Iterable<Buffer>> {
  const chunks: Buffer[] = [];
  const git = execa('git', ['archive', '--format=zip', '-1', commit], { cwd: bare, buffer: false });
  for await (const chunk of git.iterable({ binary: true })) chunks.push(Buffer.from(chunk));
  return chunks;
}

function hashOf(chunks: Iterable<Buffer>): string {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
