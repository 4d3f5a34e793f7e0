import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grantsAssembly } from '../support/grants/assembly.ts';
import { missed } from '../support/grants/take-away.ts';
import { type Tracked, track } from '../support/grants/track.ts';
import { reasonFor, UNNEEDED } from '../support/grants/unneeded.ts';

let folder: string;
let assembly: string;
let tracked: Tracked[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-grants-'));
  assembly = await grantsAssembly(join(folder, 'cdk.out'));
  tracked = await track(assembly);
}, 3_600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what the policies of the stack allow', () => {
  it('is needed by something that Hookline does, or has a reason', () => {
    const open = tracked.filter(({ neededBy, granted: { name } }) => !neededBy && !reasonFor(name));
    expect(open.map(({ granted: { name } }) => name)).toEqual([]);
  });

  it('has a reason only where nothing needs it, and no reason is left over', () => {
    const needed = tracked.filter(({ neededBy, granted: { name } }) => neededBy && reasonFor(name));
    expect(needed.map(({ granted: { name } }) => name)).toEqual([]);
    const names = tracked.map(({ granted: { name } }) => name);
    expect(UNNEEDED.filter(({ what }) => !names.some((name) => what.test(name)))).toEqual([]);
  });
});

describe('one that is taken away', () => {
  it.each<[string, RegExp, RegExp]>([
    ['of a queue’s policy', /^Overflow\/Queue\/Policy sqs:SendMessage /, /^large delivery: /],
    ['of a function’s policy', /^Ends\/.* lambda:InvokeFunction /, /^stop /],
    ['of a role', /^Functions\/publish\/Role s3:PutObject /, /^push /],
    ['of a bucket’s listing', /^Pull\/Role-lambda s3:ListBucket /, /^push /],
    [
      'of a role’s trust in a service',
      /^Rules\/Role sts:AssumeRole by /,
      /^deployment: .*cannot be assumed|^deployment: .*sts:AssumeRole/,
    ],
    [
      'of a role’s trust in another',
      /^Example\/SourceRole sts:AssumeRole by /,
      /^deployment: .*sts:AssumeRole/,
    ],
    [
      'of who may assume a role',
      /^Example\/PipelineRole sts:AssumeRole on /,
      /^deployment: .*sts:AssumeRole/,
    ],
    [
      'that Step Functions asks for',
      /^Machine\/Machine\/Role events:PutRule on /,
      /^deployment: .*managed-rule/,
    ],
    [
      'that Pipes asks for',
      /^Overflow\/PipeRole sqs:GetQueueAttributes /,
      /^deployment: .*GetQueueAttributes/,
    ],
  ])('%s is missed', async (_, name, failure) => {
    const found = tracked.find(({ granted }) => name.test(granted.name));
    expect(
      await missed(assembly, found?.granted ?? expect.fail(`no ${name}`), found?.neededBy ?? ''),
    ).toMatch(failure);
  });
});
