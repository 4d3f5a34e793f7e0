import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { grantsAssembly } from '../test/support/grants/assembly.ts';
import { missed } from '../test/support/grants/take-away.ts';
import { track } from '../test/support/grants/track.ts';
import { reasonFor } from '../test/support/grants/unneeded.ts';

const USAGE = `Usage: npm run grants -- [--only PATTERN]

Takes away each action on each resource of each statement of the deployed policies in turn, tries on a Hookline of this machine what
needed it, and prints which step failed. Ends with 1 when one is taken away and nothing fails.

  --only PATTERN  those whose name matches this regular expression, such as 'Overflow/|sts:AssumeRole'
`;

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) process.stdout.write(USAGE);
else await takeAway(new RegExp(values.only));

async function takeAway(only: RegExp): Promise<void> {
  // The AWS SDK says of Node 20 what the user has been told by `engines` already.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const folder = await mkdtemp(join(tmpdir(), 'hookline-grants-'));
  try {
    await takeEachAway(await grantsAssembly(join(folder, 'cdk.out')), only);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function takeEachAway(assembly: string, only: RegExp): Promise<void> {
  const all = await track(assembly);
  for (const { granted, neededBy } of all.filter(({ granted: { name } }) => only.test(name))) {
    const failure = neededBy && (await missed(assembly, granted, neededBy));
    const reason = neededBy === undefined ? reasonFor(granted.name) : undefined;
    if (failure === undefined && reason === undefined) process.exitCode = 1;
    process.stdout.write(`${granted.name}\n  ${failure ?? notTried(reason, neededBy)}\n`);
  }
}

function notTried(reason: string | undefined, neededBy: string | undefined): string {
  if (reason !== undefined) return `not tried: ${reason}`;
  return neededBy === undefined ? 'NOT NEEDED, and no reason is given' : `NOT MISSED by ${neededBy}`;
}
