import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Fault } from '../../local/core/faults.ts';
import { type Hookline, startHookline } from '../support/hookline.ts';
import { createRepository, type Repository } from '../support/repository.ts';

interface Tried {
  readonly what: string;
  readonly fault: Fault;
  /** the repository that is pushed to: the example pipeline is started by a push to `hookline/demo` */
  readonly to?: string;
  readonly outcome: string;
}

const TRIED: readonly Tried[] = [
  {
    what: 'EventBridge cannot start the machine twice',
    fault: { Service: 'states', Operation: 'StartExecution', Kind: 'throttle', Count: 2 },
    outcome: 'Published',
  },
  {
    what: 'Lambda fails twice',
    fault: { Service: 'lambda', Operation: 'Invoke', Kind: 'fail', Count: 2, Error: 'ServiceException' },
    outcome: 'Published',
  },
  {
    what: 'SSM throttles two reads of the hosts',
    fault: { Service: 'ssm', Operation: 'GetParameter', Kind: 'throttle', Count: 2 },
    outcome: 'Published',
  },
  {
    what: 'CodeBuild throttles two starts of a build',
    fault: { Service: 'codebuild', Operation: 'StartBuild', Kind: 'throttle', Count: 2 },
    outcome: 'Published',
  },
  {
    what: 'DynamoDB throttles two writes',
    fault: { Service: 'dynamodb', Operation: 'UpdateItem', Kind: 'throttle', Count: 2 },
    outcome: 'Published',
  },
  {
    what: 'the answers of three writes to DynamoDB are lost',
    fault: { Service: 'dynamodb', Operation: 'UpdateItem', Kind: 'lose-answer', Count: 3 },
    outcome: 'Published',
  },
  {
    what: 'DynamoDB answers reads as before, but those that ask for the present',
    fault: { Service: 'dynamodb', Operation: 'GetItem', Kind: 'stale' },
    outcome: 'Published',
  },
  {
    what: 'S3 fails four copies to a pointer',
    fault: { Service: 's3', Operation: 'CopyObject', Kind: 'fail', Count: 4, Error: 'InternalError' },
    outcome: 'Published',
  },
  {
    what: 'S3 answers every upload two seconds late',
    fault: { Service: 's3', Operation: 'PutObject', Kind: 'late', Milliseconds: 2000 },
    outcome: 'Published',
  },
  {
    what: 'the answer of CodePipeline’s start is lost',
    fault: {
      Service: 'codepipeline',
      Operation: 'StartPipelineExecution',
      Kind: 'lose-answer',
      Count: 1,
    },
    to: 'hookline/demo',
    outcome: 'PipelineStarted',
  },
];

const PAGE = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));
const HEAD = `# Reliability

What becomes of a push when a part of AWS fails. \`test/e2e/faults.long.test.ts\` makes each of these faults on one machine and writes this
page: \`npx vitest run --mode long test/e2e/faults.long.test.ts -u\`. [runbook.md](runbook.md) says what to do about what ends otherwise.

| fault | the delivery ends in |
| --- | --- |
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

On a machine that was busy with much else, \`npm run chaos -- --seed 40 --runs 4 --within 180\` printed: 4 runs, 7 kills, 66 accepted, 66 finished,
0 lost, 0 twice, 0 torn, 0 stuck, slowest 30.7 s.
`;

let hookline: Hookline;
let repository: Repository;
beforeAll(async () => {
  hookline = await startHookline(undefined, { faults: true });
  repository = await createRepository();
});
afterAll(async () => {
  await repository?.remove();
  await hookline?.remove();
});
afterEach(() => put());

const put = (...Faults: Fault[]) => hookline.runtime.call('faults', 'PutFaults', { Faults });

/** Pushes a new commit. @returns the id of the delivery */
async function push(name: string): Promise<string> {
  await repository.commit({
    'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [echo built] } }\n',
    'time.txt': `${Date.now()}\n`,
  });
  const before = hookline.gitHost.deliveries().length;
  const url = new URL(`${hookline.outputs.gitUrl}/${name}.git`);
  url.username = 'test';
  url.password = hookline.secrets.token;
  await repository.git('push', '--quiet', '--force', url.href, 'HEAD:refs/heads/main');
  const sent = hookline.gitHost.deliveries().slice(before);
  return sent.find(({ event }) => event === 'push')?.id ?? '';
}

it.each(TRIED)('$what: $outcome', async ({ fault, to = 'acme/app', outcome }) => {
  await put(fault);
  const ended = await hookline.ended(await push(to));
  expect(ended.map((each) => each.outcome)).toEqual([outcome]);
  const { Faults } = (await hookline.runtime.call('faults', 'GetFaults', {})) as {
    Faults: readonly [{ readonly Done: number }];
  };
  // A fault that met no call has shown nothing. Every read of a ref's record asks for the present.
  if (fault.Kind !== 'stale') expect(Faults[0].Done).toBeGreaterThanOrEqual(fault.Count ?? 1);
});

it('stands in docs/reliability.md', async () => {
  const rows = TRIED.map(({ what, outcome }) => `| ${what} | \`${outcome}\` |\n`);
  await expect(HEAD + rows.join('') + TAIL).toMatchFileSnapshot(PAGE);
});
