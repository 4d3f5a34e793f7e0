import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureBursts } from './burst.ts';
import { measureCommands } from './commands.ts';
import { measureLarge } from './large.ts';
import { type Cost, measurePulls } from './pull.ts';
import { measurePushes } from './push.ts';
import { measureStart } from './start.ts';

const USAGE = `Usage: npm run bench [-- burst [FILES] | commands [DELIVERIES] | large [MEGABYTES] | pull [FILES]]

Measures a Hookline on this machine, and prints each figure beside its aim: by itself starts, pushes, bursts and pulls.

  burst [FILES]          20 pushes of one file to a made repository of 4,000 files
  commands [DELIVERIES]  the commands that read, beside 2,000 deliveries, and what the console sends
  large [MEGABYTES]      the pull of a repository of 2,000 MB
  pull [FILES]           the pulls of made repositories of 4,000 and 100,000 files
`;

// Of the made repositories that are pulled.
const MADE_FILES = [4000, 100_000];

const root = fileURLToPath(new URL('..', import.meta.url));

// `engines` in package.json has told the user about Node 20 already.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const row = (name: string, value: string, bar: string): void => {
  process.stdout.write(`${name.padEnd(52)} ${value.padStart(10)}   ${bar}\n`);
};

const seconds = ({ wall, cpu }: Cost): string =>
  `${(wall / 1000).toFixed(2)} s`.padStart(8) + `${(cpu / 1000).toFixed(2)} s`.padStart(8);

/** The pulls of a made repository, beside what others take for the same. */
async function pullRows(files: number): Promise<void> {
  const figures = await measurePulls(files, files > 10_000 ? 1 : 3);
  const { cloneAndZip, limit, cold, warm, artifactBytes, coldBytes, warmBytes, changeBytes } = figures;
  const times = (factor: number, { wall, cpu }: Cost, more = 0) =>
    `under ${seconds({ wall: factor * wall + more, cpu: factor * cpu + more })}`;
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
  process.stdout.write(`made repository of ${files} files, seed 1, artifact ${kilobytes(artifactBytes)}\n`);
  row('', ' wall     CPU', '');
  row('  git clone, zip -r', seconds(cloneAndZip), 'the quick start’s way');
  row('  bare git fetch, git archive -1', seconds(limit), 'what git takes');
  row('  the first pull', seconds(cold), times(1.05, limit, 200));
  row('  a pull after a push of one file', seconds(warm), times(0.35, cold));
  row('  the host sends for the first', kilobytes(coldBytes), '');
  row(
    '  the host sends after a push of one file',
    kilobytes(warmBytes),
    `under ${kilobytes(2 * changeBytes)}`,
  );
}

/** The first pull of a repository of large files that are compressed already. */
async function largeRow(size: number): Promise<void> {
  const { cost, megabytes, artifactBytes, progress } = await measureLarge(size);
  process.stdout.write(`repository of ${size} MB, artifact ${Math.round(artifactBytes / 1e6)} MB\n`);
  row('  the first pull', seconds(cost), '');
  row('  memory of the program', `${megabytes.toFixed(0)} MB`, 'under 150 MB');
  row('  lines of progress in the log', String(progress.length), progress.at(-1) ?? '');
}

/** Twenty pushes to one ref, by the two ways of a rule. */
async function burstRows(files: number): Promise<void> {
  const figures = await measureBursts(root, files);
  process.stdout.write(`20 pushes of one file to a made repository of ${files} files, seed 1\n`);
  for (const [way, { fetches, artifacts, quiet, pushed }] of Object.entries(figures)) {
    process.stdout.write(`superseded: ${way}\n`);
    row('  pushed within', `${(pushed / 1000).toFixed(1)} s`, '');
    row('  fetches from the host', String(fetches), way === 'skip' ? '3 at most' : '');
    row('  artifacts', String(artifacts), '');
    row('  from the first push until all is quiet', `${(quiet / 1000).toFixed(1)} s`, '');
  }
}

/** What the commands that read take, and what the console sends. */
async function commandRows(count: number): Promise<void> {
  const { commands, dryRun, wire } = await measureCommands(root, count);
  process.stdout.write(`${count} deliveries\n`);
  row('', ' wall     CPU', '');
  for (const [command, cost] of commands) row(`  hookline ${command}`, seconds(cost), 'under 0.50 s');
  row(`  hookline replay --dry-run, of ${count}`, seconds(dryRun), 'under 2 s for 2000');
  const bytes = (sent: number) => `${(sent / 1000).toFixed(1)} kB`;
  row('  scripts and styles of the console, as they travel', bytes(wire.scripts), 'under 300 kB');
  row('  the list of deliveries', bytes(wire.list), '');
  row('  a poll of the list that changed nothing', bytes(wire.sameList), '');
}

/** Each figure is the wall time of what a user does, measured from outside. */
async function allRows(): Promise<void> {
  await rm(`${root}/cdk.out/local`, { recursive: true, force: true });
  const cold = await measureStart(root);
  row('start, without a synthesis', `${(cold.ms / 1000).toFixed(2)} s`, 'under 15 s');
  const warm = await measureStart(root);
  row('start, with one', `${(warm.ms / 1000).toFixed(2)} s`, 'under 4 s');
  const pushes = await measurePushes(root, 7);
  row('small push to PipelineStarted, the first', `${(pushes.first / 1000).toFixed(2)} s`, '');
  row('  median of the next 6, one after the other', `${(pushes.median / 1000).toFixed(2)} s`, 'under 1 s');
  row(
    '  median of 7, each once the pipeline before has ended',
    `${(pushes.alone / 1000).toFixed(2)} s`,
    'under 1 s',
  );
  row('memory of the runtime a minute after the pushes', `${pushes.megabytes.toFixed(0)} MB`, 'under 250 MB');
  await burstRows(4000);
  for (const files of MADE_FILES) await pullRows(files);
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' } },
});
const [only = '', given] = positionals;
if (values.help) process.stdout.write(USAGE);
else if (only === '') await allRows();
else if (only === 'burst') await burstRows(countOf(4000));
else if (only === 'commands') await commandRows(countOf(2000));
else if (only === 'large') await largeRow(countOf(2000));
else if (only === 'pull')
  for (const files of given === undefined ? MADE_FILES : [countOf(0)]) await pullRows(files);
else throw new Error(`there is no measurement ${only}: give burst, commands, large or pull`);
process.exit();

function countOf(usual: number): number {
  const count = given === undefined ? usual : Number(given);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(`${only} ${given}: give a whole number above 0`);
}
