import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostsSchema } from '../../../events/hosts.ts';
import { handler as claim } from '../../../functions/claim/index.ts';
import { handler as publish } from '../../../functions/publish/index.ts';
import { readInput } from '../../../functions/pull/input.ts';
import { handler as report } from '../../../functions/report/index.ts';
import { handler as retire } from '../../../functions/retire/index.ts';
import { handler as startPipeline } from '../../../functions/start-pipeline/index.ts';
import { next, type Payloads, previous } from '../../support/functions/releases.ts';
import { type Steps, startSteps } from '../../support/functions/steps.ts';
import { context } from '../../support/functions/validate-aws.ts';

const COMMIT = 'a'.repeat(40);

let steps: Steps;
let versionId: string;
beforeAll(async () => {
  steps = await startSteps();
  ({ versionId } = await steps.putArtifact(COMMIT));
});
afterAll(() => steps?.close());

describe.each<[string, Payloads, number]>([
  ['the release before', previous, 1],
  ['a release to come', next, 4],
])('a delivery of %s', (release, { hosts, state, pull, publish: published }, token) => {
  const executionArn = `arn:aws:states:us-east-1:0:execution:hookline:${release}`;
  const claimed = { ...state, key: `default#github.com#${release}#` };
  const pulled = (more: object = {}) => ({
    ...claimed,
    pull: { ...pull, token: String(token), versionId, ...more },
  });

  it('is claimed, published, started and reported', async () => {
    expect(await claim({ executionArn, state: claimed }, context)).toEqual({
      outcome: 'Claimed',
      executionArn,
    });
    const result = await publish({ executionArn, state: pulled() }, context);
    expect(result).toMatchObject({ outcome: 'Published', commit: COMMIT });
    const after = { ...pulled(), publish: published };
    const pipeline = await startPipeline({ executionArn, state: after }, context);
    expect(pipeline).toMatchObject({ name: 'deploy' });
    const input = { outcome: 'PipelineStarted', executionArn, state: { ...after, pipeline } };
    expect(await report(input, context)).toMatchObject({ status: 'off' });
    expect(await steps.record('deliveries', claimed.key)).toMatchObject({
      outcome: 'PipelineStarted',
      versionId,
      bytes: 40,
    });
  });

  it('is retired', async () => {
    const gone = pulled({ outcome: 'gone', token: String(token + 1), tip: '-', tipKey: '-' });
    const other = `${executionArn}:retire`;
    const result = await retire({ executionArn: other, state: gone }, context);
    expect(result).toMatchObject({ outcome: 'RefRetired' });
    expect(
      await publish({ executionArn: other, state: pulled({ token: String(token + 2) }) }, context),
    ).toMatchObject({
      outcome: 'Published',
    });
  });

  it('is read by a build', () => {
    const { delivery, rule } = claimed as { delivery?: unknown; rule?: { pull?: unknown } };
    Object.assign(process.env, {
      HOOKLINE_DELIVERY: JSON.stringify(delivery),
      HOOKLINE_PULL: JSON.stringify(rule?.pull),
      HOOKLINE_EXPORTS: 'none',
    });
    expect(readInput()).toMatchObject({
      repository: { host: 'github.com', fullName: 'acme/app' },
      ref: 'refs/heads/main',
      delivered: COMMIT,
      options: { submodules: false, lfs: false, git: false },
    });
    expect(hostsSchema.parse(hosts)).toEqual({
      'github.com': {
        provider: 'github',
        url: 'https://github.com',
        api: 'https://api.github.com',
        clone: 'https',
        ssh: 'ssh://git@github.com',
      },
    });
  });
});
