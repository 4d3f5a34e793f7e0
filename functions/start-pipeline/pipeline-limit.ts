import type { Pulled } from '../../statemachine/payloads.ts';
import { alikeNames } from '../shared/alike-names.ts';
import { isOwn } from '../shared/branch-pipelines.ts';
import { findPipeline, pipelineTags } from '../shared/codepipeline.ts';
import { errors, HooklineError } from '../shared/errors.ts';

/** Throws `PipelineLimit` when the rule's template has as many pipelines as it may. */
export async function refuseOverLimit({ rule }: Pulled): Promise<void> {
  const { name: template = '', limit = 0 } = rule.pipeline ?? {};
  const names = await alikeNames(template);
  // Tags are a call for each: they are asked for only where the names alone are too many.
  const count = names.length < limit ? names.length : await ours(names);
  if (count < limit) return;
  throw new HooklineError(
    errors.pipelineLimit,
    `there are ${count} pipelines of the template ${template}, and rule ${rule.name} has a limit of ${limit}; delete branches or raise \`pipeline.limit\`, and redeliver`,
  );
}

async function ours(names: readonly string[]): Promise<number> {
  let count = 0;
  for (const name of names) {
    const found = await findPipeline(name);
    const tags = found && (await pipelineTags(found.arn));
    if (tags && isOwn(tags)) count += 1;
  }
  return count;
}
