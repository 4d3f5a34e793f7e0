import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Bench, openBench, token } from '../test/support/functions/pull-program.ts';
import { importCommit, madeTree } from './made-tree.ts';

/** What something takes, in ms. */
export interface Cost {
  readonly wall: number;
  /** of all processes, the host's git among them; it depends little on what else the machine does */
  readonly cpu: number;
}

export interface PullFigures {
  /** the quick start's way: clone, then zip */
  readonly cloneAndZip: Cost;
  /** what git itself takes: fetch one commit, `git archive -1` */
  readonly limit: Cost;
  /** a repository's first pull, the program's start included */
  readonly cold: Cost;
  /** a pull after a push of one file */
  readonly warm: Cost;
  readonly artifactBytes: number;
  /** what the host sends */
  readonly coldBytes: number;
  readonly warmBytes: number;
  /** the pack of the one-file push */
  readonly changeBytes: number;
}

const SEED = 1;
const BEGIN = 1_700_000_000;

/** Pulls a made repository of so many files, beside what others take for it; medians of `runs`. @throws for other bytes than git's */
export async function measurePulls(files: number, runs = 3): Promise<PullFigures> {
  const bench = await openBench();
  try {
    const bare = join(bench.root, 'acme/app.git');
    for (const name of ['allowFilter', 'allowAnySHA1InWant'])
      await execa('git', ['config', `uploadpack.${name}`, 'true'], { cwd: bare });
    const commit = await importCommit(bare, madeTree(files, SEED), BEGIN);
    await execa('git', ['repack', '-adq'], { cwd: bare });
    const url = `${bench.host.url.replace('//', `//bench:${token}@`)}/acme/app.git`;
    const others = {
      cloneAndZip: await median(runs, () => cloneAndZip(bench.folder, url)),
      limit: await median(runs, () => fetchAndArchive(bench.folder, url)),
    };
    const cold = await sent(bench, () =>
      median(runs, async () => {
        bench.aws.objects.clear();
        return pulled(bench, commit);
      }),
    );
    return {
      ...others,
      cold: cold.result,
      coldBytes: cold.bytes / runs,
      ...(await warmPulls(bench, bare, runs)),
    };
  } finally {
    await bench.close();
  }
}

async function warmPulls(bench: Bench, bare: string, runs: number) {
  let number = 0;
  let commit = '';
  const warm = await sent(bench, () =>
    median(runs, async () => {
      const [file] = madeTree(1, SEED + ++number);
      if (!file) throw new Error('no file was made');
      commit = await importCommit(bare, [file], BEGIN + number);
      return pulled(bench, commit);
    }),
  );
  const args = ['pack-objects', '--revs', '--stdout', '-q'];
  const input = `${commit}\n^${commit}^\n`;
  const pack = await execa('git', args, { cwd: bare, input, encoding: 'buffer' });
  const made = [...bench.aws.objects].find(([key]) => key.includes(commit))?.[1].body;
  const archive = ['archive', '--format=zip', '-1', commit];
  const whole = await execa('git', archive, { cwd: bare, encoding: 'buffer', maxBuffer: 2 ** 30 });
  if (!made?.equals(whole.stdout)) throw new Error('the artifact has other bytes than git makes');
  return {
    warm: warm.result,
    warmBytes: warm.bytes / runs,
    changeBytes: pack.stdout.length,
    artifactBytes: made.length,
  };
}

async function pulled(bench: Bench, commit: string): Promise<Cost> {
  return costOf(async () => {
    const { status, output } = await bench.run({ commit });
    if (status !== 0) throw new Error(`the pull failed: ${output}`);
  });
}

export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [began, before] = [performance.now(), await childrenCpu()];
  await work();
  return { wall: performance.now() - began, cpu: (await childrenCpu()) - before };
}

/** CPU time of all processes below this one that have ended, in ms; the kernel counts it in ticks of 10 ms. */
async function childrenCpu(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8');
  // after the name, which may hold anything: user and system time of the children are the 14th and 15th field
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

async function sent<T>({ host }: Bench, work: () => Promise<T>): Promise<{ result: T; bytes: number }> {
  const before = host.sent;
  return { result: await work(), bytes: host.sent - before };
}

const cloneAndZip = (root: string, url: string): Promise<Cost> =>
  timed(root, 'git clone -q "$1" app && cd app && zip -qr ../app.zip .', url);

const fetchAndArchive = (root: string, url: string): Promise<Cost> =>
  timed(
    root,
    'git init -q --bare b && cd b && git fetch -q --depth=1 "$1" main && git archive --format=zip -1 FETCH_HEAD >../app.zip',
    url,
  );

/** What a shell's commands take in a folder of their own. */
async function timed(root: string, commands: string, url: string): Promise<Cost> {
  const cwd = await mkdtemp(join(root, 'other-'));
  const cost = await costOf(() => execa('bash', ['-ec', commands, 'bash', url], { cwd }));
  await rm(cwd, { recursive: true });
  return cost;
}

export async function median(runs: number, measure: () => Promise<Cost>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let run = 0; run < runs; run++) costs.push(await measure());
  const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
  return { wall: middle(costs.map(({ wall }) => wall)), cpu: middle(costs.map(({ cpu }) => cpu)) };
}
