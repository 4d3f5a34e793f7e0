import { setTimeout as wait } from 'node:timers/promises';
import {
  CreatePipelineCommand,
  ListPipelineExecutionsCommand,
  type PipelineDeclaration,
  TagResourceCommand,
  UpdatePipelineCommand,
} from '@aws-sdk/client-codepipeline';
import { tagsOf } from '../../events/pipeline-tags.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { branchTags, checkOurs } from '../shared/branch-pipelines.ts';
import {
  codepipeline,
  type FoundPipeline,
  findPipeline,
  namedPipeline,
  pipelineTags,
} from '../shared/codepipeline.ts';
import { errors, HooklineError } from '../shared/errors.ts';
import { withLease } from '../shared/lease.ts';
import { type PipelineStart, startDeclared } from './pipeline.ts';
import { refuseOverLimit } from './pipeline-limit.ts';
import { copyOf, defaultsOf, hashOf } from './template-copy.ts';

/**
 * Starts the pipeline that the branch or the pull request has of its own. One that is not there is made from the template,
 * and the execution that begins by itself is the start. Throws `PipelineMissing`, `PipelineSource`, `PipelineLimit`,
 * `PipelineNotOurs`, and `RefBusy` where the execution does not show yet.
 * @returns the pipeline execution's id
 */
export async function startInOwnPipeline(state: Pulled, start: PipelineStart): Promise<string> {
  const template = await namedPipeline(state.rule.pipeline?.name ?? '');
  const found = await findPipeline(start.pipeline);
  if (!found) return make(state, template.declaration, start);
  const tags = await pipelineTags(found.arn);
  checkOurs(state, start.pipeline, tags);
  // Whoever made it for this start may have died before it knew the execution.
  if (tags.execution === start.executionArn) return firstExecution(start.pipeline);
  if (tags.template !== hashOf(template.declaration)) await update(template.declaration, found, start);
  const copy = copyOf(template.declaration, start);
  return startDeclared(copy, { ...start, variables: defaultsOf(copy) });
}

/** Makes the pipeline while nobody else makes one of the template, so that the limit holds. */
async function make(state: Pulled, template: PipelineDeclaration, start: PipelineStart): Promise<string> {
  const pipeline = copyOf(template, start);
  const tags = tagsOf(branchTags(state, { template: hashOf(template), execution: start.executionArn }));
  if (!tags)
    throw new HooklineError(
      errors.pipelineMissing,
      `${state.delivery.ref} is too long for the tags of a pipeline; give the branch a name of some 200 characters at most`,
    );
  await withLease(`pipelines made of ${template.name}`, start.executionArn, async () => {
    await refuseOverLimit(state);
    await codepipeline().send(new CreatePipelineCommand({ pipeline, tags })).catch(explain);
  });
  return firstExecution(start.pipeline);
}

// The SDK may have made it by a try whose answer was lost, or makes it at the moment: the tags tell whose it is.
const MADE = ['PipelineNameInUseException', 'ConcurrentModificationException'];

function explain(cause: unknown): never {
  if (!(cause instanceof Error)) throw cause;
  if (MADE.includes(cause.name))
    throw new HooklineError(errors.refBusy, `${cause.message}; it is looked at again`, { cause });
  if (cause.name !== 'LimitExceededException') throw cause;
  throw new HooklineError(
    errors.pipelineLimit,
    `the account has as many pipelines as it may; delete some or have the quota raised, and redeliver: ${cause.message}`,
    { cause },
  );
}

/** The copy follows its template. A tag that is not written is written by the next start. */
async function update(
  template: PipelineDeclaration,
  { arn }: FoundPipeline,
  start: PipelineStart,
): Promise<void> {
  await codepipeline().send(new UpdatePipelineCommand({ pipeline: copyOf(template, start) }));
  const tags = await pipelineTags(arn);
  const changed = tags && tagsOf({ ...tags, template: hashOf(template) });
  if (changed) await codepipeline().send(new TagResourceCommand({ resourceArn: arn, tags: changed }));
}

// CodePipeline shows the first execution of a new pipeline a moment after it is made.
const LOOKS = 4;
const LOOK_MS = 500;

/** The execution by which a pipeline has started itself. Throws `RefBusy` while it does not show, or cannot be looked at. */
async function firstExecution(pipelineName: string): Promise<string> {
  for (let look = 1; ; look += 1) {
    const { pipelineExecutionSummaries: all = [] } = await codepipeline()
      .send(new ListPipelineExecutionsCommand({ pipelineName, maxResults: 100 }))
      .catch((cause: Error) => {
        // By its own name it would say that nothing was started.
        throw new HooklineError(
          errors.refBusy,
          `the pipeline ${pipelineName} was made, and its executions cannot be listed: ${cause.message}`,
          { cause },
        );
      });
    const first = all.findLast(({ trigger }) => trigger?.triggerType === 'CreatePipeline');
    if (first?.pipelineExecutionId) return first.pipelineExecutionId;
    if (look === LOOKS) break;
    await wait(LOOK_MS);
  }
  throw new HooklineError(
    errors.refBusy,
    `the pipeline ${pipelineName} was made and has not started itself yet; it is looked at again`,
  );
}
