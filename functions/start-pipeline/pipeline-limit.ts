import type { Pulled } from '../../statemachine/payloads.ts';
import { alikeNames } from '../shared/alike-names.ts';
import { isOwn } from '../shared/branch-pipelines.ts';
import { findPipeline, pipelineTags } from '../shared/codepipeline.ts';
import { errors, HooklineError } from '../shared/errors.ts';

/** A limit may be 200: one after the other, their tags would outlast the function. */
const AT_ONCE = 10;

/** Throws `PipelineLimit` when the rule's template has as many pipelines as it may. */
export async function refuseOverLimit({ rule }: Pulled): Promise<void> {
  const { name: template = '', limit = 0 } = rule.pipeline ?? {};
  const names = await alikeNames(template);
  // Tags are a call for each: they are asked for only where the names alone are too many.
  const count = names.length < limit ? names.length : await ours(names, limit);
  if (count < limit) return;
  throw new HooklineError(
    errors.pipelineLimit,
    `there are at least ${count} pipelines of the template ${template}, and rule ${rule.name} has a limit of ${limit}; delete branches or raise \`pipeline.limit\`, and redeliver`,
  );
}

/** How many of them this Hookline has made, counted until there are `enough`. */
async function ours(names: readonly string[], enough: number): Promise<number> {
  let count = 0;
  for (let at = 0; at < names.length && count < enough; at += AT_ONCE) {
    const own = await Promise.all(names.slice(at, at + AT_ONCE).map(isOurs));
    count += own.filter(Boolean).length;
  }
  return count;
}

async function isOurs(name: string): Promise<boolean> {
  const found = await findPipeline(name);
  const tags = found && (await pipelineTags(found.arn));
  return tags !== undefined && isOwn(tags);
}
