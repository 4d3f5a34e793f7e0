import { ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline';
import type { PipelineTags } from '../../events/pipeline-tags.ts';
import { startsId } from '../../statemachine/record-ids.ts';
import { alikeNames } from '../shared/alike-names.ts';
import { isOwn } from '../shared/branch-pipelines.ts';
import { codepipeline, findPipeline, pipelineTags } from '../shared/codepipeline.ts';
import type { EndedState } from '../shared/end-pipeline.ts';
import { readEnds } from '../shared/end-records.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { isOpenAgain, isThereAgain } from '../shared/is-back.ts';
import { withLease } from '../shared/lease.ts';
import { logger } from '../shared/logged.ts';
import { pointerOf } from '../shared/move-pointer.ts';
import { endOwn, type OwnEnd } from '../shared/own-pipeline-end.ts';
import { readRef } from '../shared/ref-record.ts';
import { allRules } from '../shared/rules.ts';
import { stateOf } from './state-of-tags.ts';

/**
 * Takes down what nobody has: the pipelines of branches that are gone and of requests that are closed, and those that have not
 * run for as long as their rule says. Each call is a step: a teardown that runs is looked at by the next one.
 * @returns how many pipelines are ours, and how many have come a step nearer to their end
 * @throws at the end, for pipelines that cannot go
 */
export async function sweep(): Promise<{ pipelines: number; ending: number }> {
  const templates = new Set(allRules().flatMap(({ pipeline }) => (pipeline?.each ? [pipeline.name] : [])));
  let [pipelines, ending] = [0, 0];
  const failures: string[] = [];
  for (const template of templates)
    for (const name of await alikeNames(template)) {
      const found = await findPipeline(name);
      const tags = found && (await pipelineTags(found.arn));
      const state = tags && isOwn(tags) ? stateOf(tags, allRules()) : undefined;
      if (!tags || !state) continue;
      pipelines += 1;
      // One that cannot go is no reason for another to stay.
      ending += await sweepOne(name, tags, state).catch((error: unknown) => {
        logger.error(
          `the pipeline ${name} was not taken down`,
          error instanceof Error ? error : String(error),
        );
        // Whoever else has to do with it is done by the next sweep.
        if (!(error instanceof HooklineError && error.name === errors.refBusy))
          failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
        return 0;
      });
    }
  if (failures.length > 0) throw new Error(`not taken down: ${failures.join('; ')}`);
  return { pipelines, ending };
}

async function sweepOne(name: string, tags: PipelineTags, state: EndedState): Promise<number> {
  const id = startsId(tags.host, tags.repository, tags.ref);
  const isBack = await overSince(id, name, state);
  if (!isBack) return 0;
  // A teardown that has failed runs again the next day.
  const owner = `sweep of ${name} on ${new Date().toISOString().slice(0, 10)}`;
  await withLease(id, owner, () =>
    endOwn({ id, owner, name, state, since: new Date().toISOString(), isBack, again: true }),
  );
  return 1;
}

/** Why a pipeline is over, as the look that says whether that is no more so; undefined when it is not over. */
async function overSince(id: string, name: string, state: EndedState): Promise<OwnEnd['isBack'] | undefined> {
  const { ends, closed } = await readEnds(id);
  const time = closed[name] ?? '';
  const isOpen = () => isOpenAgain(id, name, { time });
  const isThere = () => isThereAgain(state);
  const isBranch = state.rule.pipeline?.each === 'branch';
  if (isBranch && (await readRef(pointerOf(state))).gone > 0 && !(await isThere())) return isThere;
  if (!isBranch && time !== '' && !(await isOpen())) return isOpen;
  const hasRun = () => hasRunLately(name, state);
  const isUnderWay = ends[name] !== undefined && !ends[name].failed;
  return isUnderWay || !(await hasRun()) ? hasRun : undefined;
}

const DAY_MS = 86_400_000;

async function hasRunLately(pipelineName: string, { rule }: EndedState): Promise<boolean> {
  const { idleDays = 'never' } = rule.pipeline ?? {};
  if (idleDays === 'never') return true;
  const { pipelineExecutionSummaries: [last] = [] } = await codepipeline().send(
    new ListPipelineExecutionsCommand({ pipelineName, maxResults: 1 }),
  );
  if (!last || last.status === 'InProgress') return true;
  const at = last.lastUpdateTime ?? last.startTime;
  return at === undefined || Date.now() - at.getTime() < idleDays * DAY_MS;
}
