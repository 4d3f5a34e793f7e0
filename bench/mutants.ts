import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { progressLine } from '../cli/progress.ts';
import type { Mutant } from '../test/support/mutants/mutant.ts';
import { MUTANTS } from '../test/support/mutants/mutants.ts';
import { type Changed, changedHere, changedSince } from '../test/support/mutants/rooms/changed.ts';
import { reportOf } from '../test/support/mutants/rooms/report.ts';
import { ROOMS, type Room, roomOf } from '../test/support/mutants/rooms/room-mutant.ts';
import { tryRooms } from '../test/support/mutants/rooms/try-rooms.ts';
import { matching, tryList } from '../test/support/mutants/try-list.ts';

const USAGE = `Usage: npm run mutants -- [--only PATTERN]
       npm run mutants -- --room ROOM... [--file PATTERN] [--since COMMIT] [--resume] [--long] [--minutes N] [--json]
       npm run mutants -- --changed [--minutes N]

Without a room, puts a fault into each guard of a list in turn (test/support/mutants/mutants.ts), in a copy of the tree, and
runs the test file that has to fail for it. Ends with 1 when one survives.

  --only PATTERN  the faults whose file or description matches this regular expression, such as 'lease|claim'

With a room, every fault that Stryker's instrumenter knows to put into the room's files, against the room's tests. Says
which of them no test finds, or not the nearest tests, where there was no time for others. Ends with 1 below 90 % of what
tests come to, or 85 % of all; a fault that no test can find is excused in test/support/mutants/rooms/reasons.ts.

  --room ROOM     ${ROOMS.join(', ')}: any number of them
  --file PATTERN  the files whose path matches this regular expression
  --since COMMIT  the files that are another since this commit
  --changed       all rooms, since this branch has left origin/main, or since the last commit; and before, for a quarter of the
                  time, the faults of the list in the changed files, but for those of long tests without --long
  --resume        goes on where an earlier run was ended, and tries again what survived when a test is another
  --long          with the tests of the long mode
  --minutes N     ends after so many minutes, and says what was not tried
  --workers N     processes at once: as many as there are cores without it
  --json          the figures and what survived, as JSON
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    room: { type: 'string', multiple: true, default: [] },
    file: { type: 'string', default: '' },
    since: { type: 'string' },
    changed: { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '1440' },
    workers: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
const until = (share: number): number => Date.now() + share * positive('minutes', values.minutes) * 60_000;
const say = (line: string): unknown => (values.json ? process.stderr : process.stdout).write(`${line}\n`);
if (values.help) process.stdout.write(USAGE);
else if (values.room.length > 0 || values.changed) await tryChosen();
else await tryListed(matching(new RegExp(values.only)), until(1));

async function tryListed(mutants: readonly Mutant[], end: number): Promise<void> {
  if ((await tryList(mutants, end, say)) > 0) process.exitCode = 1;
}

async function tryChosen(): Promise<void> {
  const end = until(1);
  const rooms = values.changed ? [...ROOMS] : values.room.map(roomNamed);
  const changed = await changedFiles();
  if (values.changed && changed) await tryListed(listedIn(changed), until(1 / 4));
  const pattern = new RegExp(values.file);
  const chosen = (file: string): boolean =>
    rooms.some((room) => room === roomOf(file)) && pattern.test(file) && (changed?.files.has(file) ?? true);
  if (changed) {
    const files = [...changed.files].filter(chosen);
    process.stderr.write(`files of ${rooms.join(', ')} ${changed.what}: ${files.join(', ') || 'none'}\n`);
    if (files.length === 0) return;
  }
  const progress = await progressLine();
  let stopped = false;
  // The copy of the tree and the workers go, what was found is kept, and the report says what was not tried.
  // For good: where no listener is left, a worker that runs has execa end this process by the same signal.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      stopped = true;
    });
  const found = await tryRooms({
    chosen,
    long: values.long,
    resume: values.resume,
    workers: positive('workers', values.workers),
    until: end,
    stopped: () => stopped,
    told: (text, done) => progress.show(text, done),
  });
  progress.done();
  const { text, json, good } = reportOf(rooms, found);
  process.stdout.write(values.json ? `${JSON.stringify(json, null, 2)}\n` : text);
  if (!good) process.exitCode = 1;
}

function listedIn({ files }: Changed): Mutant[] {
  return MUTANTS.filter(
    ({ file, test }) => files.has(file) && (values.long || !test.endsWith('.long.test.ts')),
  );
}

async function changedFiles(): Promise<Changed | undefined> {
  if (values.since !== undefined) return changedSince(values.since);
  return values.changed ? changedHere() : undefined;
}

function roomNamed(name: string): Room {
  const room = ROOMS.find((each) => each === name);
  if (room === undefined) throw new Error(`there is no room ${name}: give ${ROOMS.join(', ')}`);
  return room;
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`--${option} ${text}: give a number above 0`);
  return number;
}
