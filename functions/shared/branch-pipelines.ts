import type { PipelineTags } from '../../events/pipeline-tags.ts';
import { firstName } from '../../events/rule-name.ts';
import type { Pulled } from '../../statemachine/payloads.ts';
import { errors, HooklineError } from './errors.ts';
import { environment } from './setting.ts';

type Subject = Omit<PipelineTags, 'template' | 'execution'>;

/** What the tags of the pipeline say that a branch or a pull request has of its own. */
export function branchTags(
  { rule, delivery }: Pick<Pulled, 'rule' | 'delivery'>,
  made: Pick<PipelineTags, 'template' | 'execution'>,
): PipelineTags {
  return { ...subjectOf({ rule, delivery }), ...made };
}

function subjectOf({ rule, delivery }: Pick<Pulled, 'rule' | 'delivery'>): Subject {
  return {
    owner: environment('PIPELINE_OWNER'),
    rule: firstName(rule),
    host: delivery.host,
    repository: delivery.repository.fullName,
    ref: delivery.ref,
    pullRequest: rule.pipeline?.each === 'pull-request' ? String(delivery.pullRequest?.number ?? '') : '',
  };
}

/** Whether this Hookline has made the pipeline. */
export const isOwn = ({ owner }: PipelineTags): boolean => owner === environment('PIPELINE_OWNER');

/** Throws `PipelineNotOurs` for a pipeline that was not made by this Hookline for this branch or pull request. */
export function checkOurs(
  state: Pick<Pulled, 'rule' | 'delivery'>,
  name: string,
  tags: PipelineTags | undefined,
): asserts tags {
  const { owner, host, repository, ref, pullRequest } = subjectOf(state);
  const same =
    tags?.owner === owner &&
    tags.host === host &&
    tags.repository === repository &&
    tags.pullRequest === pullRequest &&
    (pullRequest !== '' || tags.ref === ref);
  if (same) return;
  throw new HooklineError(
    errors.pipelineNotOurs,
    `the pipeline ${name} was not made by Hookline for ${ref} of ${repository}, so it is not touched; delete it, or name another template`,
  );
}
