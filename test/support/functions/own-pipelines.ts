import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { pipelineNameFor } from '../../../events/pipeline-name.ts';
import { nextToken } from '../../../functions/pull/fencing-token.ts';
import { retire } from '../../../functions/retire/retire.ts';
import { readEnds } from '../../../functions/shared/end-records.ts';
import { pointerOf } from '../../../functions/shared/move-pointer.ts';
import { startPipeline } from '../../../functions/start-pipeline/start-pipeline.ts';
import { handler as sweeper } from '../../../functions/sweep/index.ts';
import { handler } from '../../../functions/take-down/index.ts';
import type { Pulled, TakenDown } from '../../../statemachine/payloads.ts';
import { startsId } from '../../../statemachine/record-ids.ts';
import { type Direct, startDirect } from './direct.ts';
import { publish } from './publish.ts';
import { pulledState } from './steps.ts';
import { context, deployRules } from './validate-aws.ts';

type Rule = Partial<Pulled['rule']>;
type Options = Partial<NonNullable<Pulled['rule']['pipeline']>>;

/** The rule whose template is `app`, with a pipeline for each branch or request. */
export const ownRule = (options: Options = {}): Rule => ({
  pipeline: {
    ...{ name: 'app', prefix: 'app-', each: 'branch', limit: 25, teardown: 'teardown' },
    variables: { REF: '{branch}' },
    ...options,
  },
});

/** Branches and requests whose pipelines come and go, in a time that stands still. */
export interface OwnPipelines {
  readonly direct: Direct;
  later(ms: number): void;
  /** a push to a branch that was pulled now; by a rule for requests, of request 7 */
  pushed(branch: string, rule?: Rule): Promise<Pulled>;
  /** its deletion, or the close of the request, of which the host tells now */
  over(branch: string, rule?: Rule): Promise<Pulled>;
  /** publishes and starts, and lets the pipeline end */
  build(state: Pulled): Promise<string>;
  takeDown(state: Pulled, executionArn?: string): Promise<TakenDown>;
  sweep(): Promise<{ pipelines: number; ending: number }>;
  /** the failure of a call by its name and message */
  failure(call: Promise<unknown>): Promise<string>;
  /** what is on record of the end of this state's own pipeline */
  end(state: Pulled): Promise<Record<string, unknown> | undefined>;
  nameOf(state: Pulled): string;
  isThere(name: string): Promise<boolean>;
  runsOf(pipelineName: string): Promise<readonly { status: string; statusSummary?: string }[]>;
}

/** To be called where the file's tests are named. Each test takes branches of its own. */
export function ownPipelines(): OwnPipelines {
  let direct: Direct;
  let [commits, day] = [0, Date.parse('2026-03-01T12:00:00Z')];
  beforeAll(async () => {
    direct = await startDirect({ realPipelines: true });
  });
  beforeEach(() => {
    day += 86_400_000;
    vi.useFakeTimers({ toFake: ['Date'], now: day });
    deployRules({ name: 'default', ...ownRule() });
    Object.assign(direct.runs, { lasts: 0, fails: false });
    direct.forgetPipelines();
  });
  afterEach(() => void vi.useRealTimers());
  afterAll(() => direct?.close());
  const isRequest = (rule: Rule): boolean =>
    rule.pipeline?.each === 'pull-request' || rule['on-close'] !== undefined;
  const looked = async (branch: string, rule: Rule, pull: Partial<Pulled['pull']>): Promise<Pulled> => {
    const state = pulledState(`refs/heads/${branch}`, pull, rule);
    const { token } = await nextToken(pointerOf(state));
    const pullRequest = {
      ...{ number: 7, action: 'synchronize', draft: false, merged: false, fork: false, base: 'main' },
      head: { ref: branch, commit: '1'.repeat(40) },
    };
    return {
      ...state,
      delivery: { ...state.delivery, ...(isRequest(rule) ? { pullRequest } : {}) },
      pull: { ...state.pull, token },
      time: new Date().toISOString(),
    };
  };
  return {
    get direct() {
      return direct;
    },
    later: (ms) => void vi.setSystemTime(Date.now() + ms),
    pushed: async (branch, rule = ownRule()) => {
      commits += 1;
      const commit = String(commits).padStart(40, '0');
      const artifact = await direct.putArtifact(commit);
      return looked(branch, rule, { commit, tip: commit, tipKey: artifact.key, ...artifact });
    },
    over: async (branch, rule = ownRule()) => {
      if (isRequest(rule)) return { ...(await looked(branch, rule, {})), route: 'close' };
      const state = await looked(branch, rule, { outcome: 'gone' });
      await retire({ state });
      return { ...state, route: 'retire' };
    },
    build: async (state) => {
      await publish({ state });
      return (await startPipeline({ executionArn: `start of ${state.pull.commit}`, state })).name;
    },
    takeDown: (state, executionArn = 'arn:end') => handler({ executionArn, state }, context),
    sweep: () => sweeper({}, context),
    failure: (call) =>
      call.then(
        (value) => `no failure: ${JSON.stringify(value)}`,
        ({ name, message }: Error) => `${name}: ${message}`,
      ),
    end: async (state) => {
      const { host, repository, ref } = state.delivery;
      const { ends } = await readEnds(startsId(host, repository.fullName, ref));
      return Object.values(ends)[0];
    },
    nameOf: ({ rule, delivery, values }) => {
      const made = rule.pipeline && pipelineNameFor(rule.pipeline, { delivery, values });
      return made && 'name' in made ? made.name : '';
    },
    isThere: async (name) => {
      try {
        return direct.pipelines.call('GetPipeline', { name }) !== undefined;
      } catch {
        return false;
      }
    },
    runsOf: async (pipelineName) => {
      const listed = Object(direct.pipelines.call('ListPipelineExecutions', { pipelineName }));
      return listed.pipelineExecutionSummaries;
    },
  };
}
