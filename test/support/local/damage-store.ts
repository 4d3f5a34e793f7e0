import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../../local/core/store.ts';
import { random } from '../interleave/random.ts';

// Damages a state file in ways that a seed chooses, and opens, reads and writes each: `damage-store.ts FOLDER SEED RUNS`.
// Writes what is told of each that is not sound, and the seed before it may end by a signal.
const [, , folder = '', seed = '0', runs = '0'] = process.argv;
const COLLECTIONS = 8;
const PAGE = 4096;

const names = Array.from({ length: COLLECTIONS }, (_, number) => `collection/${number}`);
const sound = join(folder, 'sound');
await fill();
const bytes = readFileSync(join(sound, 'state.lmdb'));
for (let run = 0; run < Number(runs); run++) {
  const damaged = join(folder, 'damaged');
  rmSync(damaged, { recursive: true, force: true });
  mkdirSync(damaged);
  const at = Number(seed) + run;
  process.stdout.write(`${JSON.stringify({ seed: at })}\n`);
  writeFileSync(join(damaged, 'state.lmdb'), damage(Buffer.from(bytes), at));
  const message = await readAll(damaged).then(
    () => '',
    (error: unknown) => String(error),
  );
  process.stdout.write(`${JSON.stringify({ seed: at, message })}\n`);
}

async function fill(): Promise<void> {
  const store = openStore(sound);
  for (const name of names) {
    const values = store.collection<string>(name);
    const texts = Array.from({ length: 150 }, (_, key) => values.put(['key', key], `${key}`.repeat(60)));
    await Promise.all([...texts, values.put('large', 'x'.repeat(20_000))]);
    await Promise.all(Array.from({ length: 20 }, (_, key) => values.remove(['key', key * 3])));
  }
  await store.close();
}

function damage(whole: Buffer, of: number): Buffer {
  const chance = random(of);
  const at = chance.below(whole.length);
  const page = at - (at % PAGE);
  const noise = (from: number, length: number): Buffer => {
    for (let place = from; place < Math.min(from + length, whole.length); place++)
      whole[place] = chance.below(256);
    return whole;
  };
  switch (chance.below(6)) {
    case 0:
      return noise(at, 1);
    case 1:
      return noise(at, 1 + chance.below(200));
    case 2:
      return noise(page, PAGE);
    case 3:
      return whole.fill(0, page, page + PAGE);
    case 4:
      return whole.subarray(0, at);
    default:
      // A page stands where another one was.
      return Buffer.from(whole).fill(whole.subarray(0, PAGE), page, page + PAGE);
  }
}

async function readAll(from: string): Promise<void> {
  const store = openStore(from);
  try {
    for (const name of names) {
      const values = store.collection<string>(name);
      for (const { key } of values.entries()) values.get(key);
      await values.put('more', 'x'.repeat(3000));
    }
  } finally {
    await store.close();
  }
}
