import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { measureBursts } from './burst.ts';
import { measureCommands } from './commands.ts';
import { measureLarge } from './large.ts';
import { type Cost, measurePulls } from './pull.ts';
import { measurePushes } from './push.ts';
import { measureStart } from './start.ts';

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

const only = process.argv[2];
if (only === 'burst') {
  await burstRows(Number(process.argv[3] ?? 4000));
  process.exit();
}
if (only === 'commands') {
  await commandRows(Number(process.argv[3] ?? 2000));
  process.exit();
}
if (only === 'large') {
  await largeRow(Number(process.argv[3] ?? 2000));
  process.exit();
}
if (only === 'pull') {
  for (const files of process.argv[3] ? [Number(process.argv[3])] : [4000, 100_000]) await pullRows(files);
  process.exit();
}

// Each figure is the wall time of what a user does, measured from outside.
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
for (const files of [4000, 100_000]) await pullRows(files);
