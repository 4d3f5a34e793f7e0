import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { AWS_ROWS } from '../support/faults/aws-rows.ts';
import { KILL_ROWS } from '../support/faults/build-rows.ts';
import { AWAY, HOST_ROWS, NO_COMMIT } from '../support/faults/host-rows.ts';
import { tableOf } from '../support/faults/rows.ts';
import { THROTTLE_ROWS } from '../support/faults/throttle-rows.ts';

const PAGE = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));

const HEAD = `# Reliability

What becomes of a push when a part fails. \`npx vitest run --mode long test/e2e/faults\` makes each fault of these tables on one machine and
looks at the outcome; \`npx vitest run test/docs/reliability.test.ts -u\` writes this page of the same rows.
[runbook.md](runbook.md) says what to do about what ends otherwise.

What may pass is waited out: a build makes three tries, and the machine starts a new build 15 seconds later, then after 30, 60, 120, 240 and 480,
then every 10 minutes, for two hours in all, and not before a host's \`Retry-After\` is over. What cannot pass is not tried again. The tests
wait a second wherever the deployed machine waits longer, and give its first step ten seconds in place of sixty; how often is tried, and what is
decided, is as deployed.

`;
const TAIL = `
## When it is killed

\`npm run chaos -- --seed 0 --runs 20\` starts a Hookline on one machine, pushes commits, tags and deletions to it, posts signed deliveries, and
kills it with \`kill -9\` meanwhile. Every second run kills at random moments: the runtime, a build, a git, the git host's helper. The others kill
the runtime at a call that changes something, each such call in turn: once it is carried out and before its caller hears of it, and just before
it. A run without kills shows which calls there are, so that a new one is aimed at without being listed. Each time the runtime is started again on
its state folder, and when all is quiet these are counted:

| figure | what it counts |
| --- | --- |
| accepted | deliveries that the door answered by 202 |
| finished | those of them that have their outcome on record |
| lost | those that have none, or one that a kill has made of it; the newest commit of a ref that was not built |
| twice | pipelines that were started on one commit more often than a ref came to it |
| torn | artifacts that are not \`git archive\` of their commit, and pointers \`refs/….zip\` that are not that of the host's commit |
| stuck | what was not done a minute after the last start |
| slowest | the longest time from the last start, or the last sending, until all was quiet |

The command ends with 1 unless lost, twice, torn and stuck are 0. A seed makes the same plan each time; the moment of a random kill falls where it
does. A function is a thread of the runtime here, and is killed with it.

A run has some of these: a pipeline, artifacts, tags, a branch with a pipeline of its own and its end, a request from a fork that is approved and
closed, pings, a large delivery, a forged one, a push to a repository that is missing, a reconcile and a sweep, a push that is pulled with the token
of an App, and a push whose execution a person stops: that one may end in \`Stopped\`, and the next push to its ref is an artifact.
\`--lanes 2\` makes two runs at once, each on a Hookline of its own. SIGINT and SIGTERM end the command with the figures of the runs that are done.
What is late is stuck; the run then waits ten times as long, and what still has no outcome is lost.

On a machine that was busy with much else, \`npm run chaos -- --seed 40 --runs 4 --within 180\` printed: 4 runs, 7 kills, 66 accepted, 66 finished,
0 lost, 0 twice, 0 torn, 0 stuck, slowest 30.7 s.

## When the disk is full

The door answers with 502 until there is room. What was answered by 202 before waits: an event for its target, a replay, messages on their way back
from a queue, an execution, a build, a pipeline and the word of their ends are tried again each second, from what is on disk and as after a
restart, and nobody has to restart anything.
\`npx vitest run --mode long test/e2e/full-disk.long.test.ts\` fills a disk while deliveries come, makes room, and looks for one outcome of each.
`;

it('docs/reliability.md has the rows that the tests of test/e2e/faults make come true', async () => {
  const tables = [
    tableOf('the git host', [...HOST_ROWS, AWAY, NO_COMMIT]),
    tableOf('a build', KILL_ROWS),
    tableOf('AWS', AWS_ROWS),
    tableOf('AWS, for minutes', THROTTLE_ROWS),
  ];
  await expect(HEAD + tables.join('\n') + TAIL).toMatchFileSnapshot(PAGE);
});
