import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startDeployment } from '../cli/up/deployment.ts';
import { synthesize } from '../cli/up/synthesis.ts';
import { DOORS } from '../test/support/fuzz/doors.ts';
import { fuzz, pushSome } from '../test/support/fuzz/fuzz.ts';
import { READERS } from '../test/support/fuzz/readers.ts';

const USAGE = `Usage: npm run fuzz -- [--door NAME] [--seed N] [--runs M]

Sends hostile requests to each door of a Hookline on this machine, and ends with 1 at the first that is answered by 500, 502, 503 or
504, with a stack trace, or not at all: the smallest such request is printed. What people write has doors too, without a
Hookline: settings, rule files, the words of a new rule, secrets, the hosts parameter and arguments, whose refusals name the place.

  --door NAME  only this one: ${[...Object.keys(DOORS), ...Object.keys(READERS)].join(', ')}
  --seed N     (default: made of the time)
  --runs M     requests to each door (default: 5000)
`;

const { values } = parseArgs({
  options: {
    door: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    runs: { type: 'string', default: '5000' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) process.stdout.write(USAGE);
else await all(values.door, Number(values.seed), Number(values.runs));

async function all(door: string | undefined, seed: number, runs: number): Promise<void> {
  const readers = Object.keys(READERS).filter((name) => door === undefined || door === name);
  for (const name of readers) await readAll(name, seed, runs);
  if (door === undefined || readers.length === 0) await main(door ? [door] : Object.keys(DOORS), seed, runs);
}

async function readAll(name: string, seed: number, runs: number): Promise<void> {
  try {
    await READERS[name]?.(seed, runs);
    process.stdout.write(`${name}: seed ${seed}, ${runs} inputs\n`);
  } catch (error) {
    tell(error);
  }
}

function tell(error: unknown): void {
  process.stdout.write(`${error instanceof Error ? `${error.message}\n${error.cause ?? ''}` : error}\n`);
  process.exitCode = 1;
}

async function main(doors: readonly string[], seed: number, runs: number): Promise<void> {
  // The AWS SDK says of Node 20 what the user has been told by `engines` already.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const { directory } = await synthesize(fileURLToPath(new URL('..', import.meta.url)));
  const data = await mkdtemp(join(tmpdir(), 'hookline-fuzz-'));
  const hookline = await startDeployment({ data, port: 0, assembly: directory });
  try {
    await pushSome(hookline);
    for (const door of doors) {
      const before = performance.now();
      await fuzz(hookline, door, { seed, runs });
      const seconds = Math.round((performance.now() - before) / 1000);
      const megabytes = Math.round(process.memoryUsage.rss() / 1e6);
      process.stdout.write(`${door}: seed ${seed}, ${runs} requests in ${seconds} s, ${megabytes} MB\n`);
    }
  } catch (error) {
    tell(error);
  } finally {
    await hookline.close();
    await rm(data, { recursive: true, force: true });
  }
}
