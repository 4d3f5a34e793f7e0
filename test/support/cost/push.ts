import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { DEMO_REPOSITORY } from '../../../cli/up/demo.ts';
import { type Deployment, startDeployment } from '../../../cli/up/deployment.ts';
import { createRepository } from '../repository.ts';
import { counting, emptyTally, type Tally } from './tally.ts';

export interface Cost extends Tally {
  /** of the delivery machine: each state that was entered */
  transitions: number;
  /** as CodeBuild on Lambda compute bills them */
  buildSeconds: number;
}

const BUILDSPEC = 'version: 0.2\nphases: { build: { commands: [echo built] } }\n';

/**
 * What one small push to `PipelineStarted` takes of everything that AWS bills: one rule, the second push of its
 * repository, so that no function starts cold.
 * @param assembly the cloud assembly's folder
 * @throws when a delivery ends otherwise
 */
export async function costOfPush(assembly: string): Promise<Cost> {
  const data = await mkdtemp(join(tmpdir(), 'hookline-cost-'));
  let tally = emptyTally();
  const deployment = await startDeployment({ assembly, data, port: 0, intercept: counting(() => tally) });
  const repository = await createRepository();
  try {
    const url = new URL(`${deployment.outputs.gitUrl}/${DEMO_REPOSITORY}.git`);
    url.username = 'hookline';
    url.password = deployment.secrets.token;
    const push = async (number: number): Promise<string> => {
      await repository.commit({ 'buildspec.yml': BUILDSPEC, file: `${number}\n` });
      await repository.git('push', '--quiet', url.href, 'HEAD:refs/heads/main');
      const executionArn = await ended(deployment, () => tally.pipelinesEnded > 0);
      await quiet(() => tally);
      return executionArn;
    };
    await push(1);
    // Not before: a function that the start called may still have to tell what it took.
    tally = emptyTally();
    const executionArn = await push(2);
    const transitions = await transitionsOf(deployment, executionArn);
    return { ...tally, transitions, buildSeconds: await buildSeconds(deployment, tally.builds) };
  } finally {
    await deployment.close();
    await repository.remove();
    await rm(data, { recursive: true, force: true });
  }
}

const executionList = z.object({
  executions: z.array(z.looseObject({ executionArn: z.string(), status: z.string() })),
});

/** The newest execution, once the pipeline and everything besides has ended. */
async function ended({ runtime, outputs }: Deployment, hasPipelineEnded: () => boolean): Promise<string> {
  const { stateMachineArn } = outputs;
  for (;;) {
    const input = { stateMachineArn };
    const { executions } = executionList.parse(await runtime.call('states', 'ListExecutions', input));
    const [newest] = executions;
    if (newest && hasPipelineEnded() && executions.every(({ status }) => status === 'SUCCEEDED'))
      return newest.executionArn;
    const failed = executions.find(({ status }) => status !== 'SUCCEEDED' && status !== 'RUNNING');
    if (failed) throw new Error(`the delivery ${failed.executionArn} ended in ${failed.status}`);
    await wait(50);
  }
}

// Longer than a function that an event starts takes to begin, and than its log lines are kept back.
const QUIET_MS = 1500;

/** Waits until every function has told what it took and nothing more is counted: what comes later is the next push's. */
async function quiet(tally: () => Tally): Promise<void> {
  for (let last = ''; ; ) {
    const now = JSON.stringify(tally());
    const { lambdaReports, lambdaCalls } = tally();
    if (now === last && lambdaReports === lambdaCalls) return;
    last = now;
    await wait(QUIET_MS);
  }
}

const history = z.object({
  events: z.array(z.looseObject({ type: z.string() })),
  nextToken: z.string().nullish(),
});

async function transitionsOf({ runtime }: Deployment, executionArn: string): Promise<number> {
  const { events } = history.parse(
    await runtime.call('states', 'GetExecutionHistory', { executionArn, maxResults: 1000 }),
  );
  return events.filter(({ type }) => type.endsWith('StateEntered')).length;
}

const buildBatch = z.object({
  builds: z.array(z.looseObject({ startTime: z.number(), endTime: z.number() })),
});

async function buildSeconds({ runtime }: Deployment, ids: readonly string[]): Promise<number> {
  const { builds } = buildBatch.parse(await runtime.call('codebuild', 'BatchGetBuilds', { ids }));
  return builds.reduce((sum, { startTime, endTime }) => sum + Math.ceil(endTime - startTime), 0);
}
