import {
  DeletePipelineCommand,
  ListPipelineExecutionsCommand,
  StopPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { outcomes } from '../../statemachine/outcomes.ts';
import type { TakenDown } from '../../statemachine/payloads.ts';
import { TEARDOWN_WAIT_SECONDS } from '../../statemachine/take-down.ts';
import { checkOurs } from './branch-pipelines.ts';
import { codepipeline, type FoundPipeline, findPipeline, pipelineTags } from './codepipeline.ts';
import {
  type EndedState,
  type EndRecord,
  isLastEnd,
  newEnd,
  runs,
  startRecorded,
  statusOf,
} from './end-pipeline.ts';
import { type End, readEnds, recordEnd } from './end-records.ts';
import { errors, HooklineError } from './errors.ts';
import { recordStarted } from './lease.ts';
import { readStarted, withoutOlder } from './started.ts';

// A teardown takes minutes. Looking is cheap, and a test's teardown takes seconds.
const LOOK_SECONDS = 5;
const LATER_SECONDS = 30;
const SOON_MS = 60_000;

const WAIT_MS = TEARDOWN_WAIT_SECONDS * 1000;

/** Its name is that of the pipeline that is to go. */
export interface OwnEnd extends EndRecord {
  readonly state: EndedState;
  /** ISO time of the first look */
  readonly since: string;
  /** whether a teardown that has failed is to run again, though another delivery told of the same end */
  readonly again: boolean;
  /** whether the branch is there again, or the request is open again */
  isBack(): Promise<boolean>;
}

/**
 * One step towards the end of the pipeline of a branch or a request: its runs are stopped, its teardown runs, it is deleted. Each
 * call looks where it stands, so that it may be called again at any time. Throws `TeardownFailed`, `PipelineNotOurs`.
 */
export async function endOwn(end: OwnEnd): Promise<TakenDown> {
  const copy = await findPipeline(end.name);
  const before = await underWay(end, copy);
  if (!copy && !before)
    return answer(end, end.state.route === 'close' ? outcomes.ignored : outcomes.refRetired);
  if (copy) checkOurs(end.state, end.name, await pipelineTags(copy.arn));
  if (!before && (await end.isBack())) return answer(end, outcomes.superseded);
  if (copy && !before && (await stopRuns(end.name))) return waited(end);
  const run = await teardownOf(end, before);
  if (run && (await isRunning(end, run))) return waited(end, run);
  return finish(end, copy, run);
}

/** The branch may be there again by now: then its pipeline stays, and whoever waits goes on. */
async function finish(
  end: OwnEnd,
  copy: FoundPipeline | undefined,
  run: End | undefined,
): Promise<TakenDown> {
  const back = await end.isBack();
  if (!back && copy) await codepipeline().send(new DeletePipelineCommand({ name: end.name }));
  if (!back) await forgetOlder(end);
  await release(end);
  return answer(end, back ? outcomes.superseded : outcomes.pipelineDeleted, run);
}

async function forgetOlder({ id, owner, name }: OwnEnd): Promise<void> {
  const started = await readStarted(id, name);
  if (started) await recordStarted(id, owner, name, withoutOlder(started));
}

const release = ({ id, owner, name }: OwnEnd): Promise<void> => recordEnd(id, owner, 'ends', name, undefined);

/** The end that is under way. Throws `TeardownFailed` where this very end has failed, and nobody has asked for it again. */
async function underWay(end: OwnEnd, copy: FoundPipeline | undefined): Promise<End | undefined> {
  const { [end.name]: before } = (await readEnds(end.id)).ends;
  if (!before?.failed) return before;
  if (!copy) return undefined;
  const isOther = before.delivery === end.state.delivery.id || !(await isLastEnd(before, end.state));
  if (before.owner !== end.owner && (end.again || isOther)) return undefined;
  throw failure(end, before, 'Failed');
}

/** The execution of the teardown, started if it is not; undefined where the rule has none. */
async function teardownOf(end: OwnEnd, before: End | undefined): Promise<End | undefined> {
  const { owner } = end;
  const { teardown = '' } = end.state.rule.pipeline ?? {};
  if (teardown === '') return undefined;
  // Whoever began goes on: CodePipeline answers another delivery's start of the same name by a conflict.
  const goesOn = before?.owner === owner || Date.now() >= (before?.until ?? 0);
  if (before && (before.executionId !== '' || !goesOn)) return before;
  return startRecorded(end, teardown, await announced(end, before?.owner === owner ? before : undefined));
}

/** Says before a teardown is started that it is, so that a push which comes meanwhile waits for it. */
async function announced({ id, owner, name, state }: OwnEnd, before: End | undefined): Promise<End> {
  // Another release has not recorded by what it has asked.
  if (before?.key !== undefined) return before;
  const { variables = {} } = state.rule.pipeline ?? {};
  const end = await newEnd(owner, state, variables);
  const begun: End = { ...end, until: Date.now() + WAIT_MS, ...before };
  await recordEnd(id, owner, 'ends', name, begun);
  return begun;
}

async function isRunning(end: OwnEnd, run: End): Promise<boolean> {
  if (run.executionId === '') return true;
  const status = await statusOf(end.state.rule.pipeline?.teardown ?? '', run.executionId);
  if (status === 'Succeeded') return false;
  if (runs(status) && Date.now() < run.until) return true;
  // Whoever else tells of this end must not run it once more.
  await recordEnd(end.id, end.owner, 'ends', end.name, { ...run, until: 0, failed: true });
  throw failure(end, run, status);
}

const failure = ({ name, state }: OwnEnd, { executionId }: End, status: string): HooklineError =>
  new HooklineError(
    errors.teardownFailed,
    `the execution ${executionId} of the teardown ${state.rule.pipeline?.teardown} is ${status}, so the pipeline ${name} is kept; see what it says, and redeliver`,
  );

/** Stops what still runs of a pipeline. @returns whether something does */
async function stopRuns(pipelineName: string): Promise<boolean> {
  const { pipelineExecutionSummaries: all = [] } = await codepipeline().send(
    new ListPipelineExecutionsCommand({ pipelineName, maxResults: 100 }),
  );
  const running = all.filter(({ status }) => runs(status ?? ''));
  for (const { pipelineExecutionId, status } of running)
    if (status === 'InProgress') await stop(pipelineName, pipelineExecutionId ?? '');
  return running.length > 0;
}

async function stop(pipelineName: string, pipelineExecutionId: string): Promise<void> {
  const reason = 'the branch is gone, or the request is closed';
  const command = new StopPipelineExecutionCommand({ pipelineName, pipelineExecutionId, reason });
  await codepipeline()
    .send(command)
    .catch((error: unknown) => {
      // It has ended or was stopped in between.
      const passes = error instanceof Error && /NotStoppable|DuplicatedStopRequest/.test(error.name);
      if (!passes) throw error;
    });
}

/** Throws `TeardownFailed` when it was waited for long enough. */
function waited(end: OwnEnd, run?: End): TakenDown {
  const elapsed = Date.now() - Date.parse(end.since);
  if (elapsed > WAIT_MS)
    throw new HooklineError(
      errors.teardownFailed,
      `the pipeline ${end.name} has runs that do not end, so it is kept; end them, and redeliver`,
    );
  return { ...answer(end, 'Runs', run), seconds: elapsed < SOON_MS ? LOOK_SECONDS : LATER_SECONDS };
}

const answer = (
  { since, state }: OwnEnd,
  outcome: TakenDown['outcome'],
  { executionId }: Pick<End, 'executionId'> = { executionId: '' },
): TakenDown => ({
  name: executionId === '' ? '' : (state.rule.pipeline?.teardown ?? ''),
  executionId,
  outcome,
  seconds: 0,
  since,
});
