import type { PipelineTags } from '../../events/pipeline-tags.ts';
import type { BundledRule } from '../../events/rule.ts';
import { namesOfRule } from '../../events/rule-name.ts';
import type { EndedState } from '../shared/end-pipeline.ts';

/**
 * What the end of a pipeline would be told by, made of the pipeline's tags; undefined when its rule is gone, or has no such
 * pipelines any more. No payload is known, so that variables made of one have their defaults.
 */
export function stateOf(tags: PipelineTags, rules: readonly BundledRule[]): EndedState | undefined {
  const rule = rules.find((each) => namesOfRule(each).includes(tags.rule));
  const each = tags.pullRequest === '' ? 'branch' : 'pull-request';
  if (rule?.pipeline?.each !== each) return undefined;
  const number = Number(tags.pullRequest);
  return {
    delivery: {
      provider: 'none',
      host: tags.host,
      id: 'sweep',
      event: 'sweep',
      repository: { fullName: tags.repository },
      ref: tags.ref,
      ...(each === 'branch' ? {} : { pullRequest: requestOf(number, tags.ref) }),
    },
    rule,
    route: each === 'branch' ? 'retire' : 'close',
    replayName: '',
    time: new Date().toISOString(),
    key: '',
    values: {},
  };
}

const requestOf = (number: number, ref: string) => ({
  ...{ number, action: 'closed', draft: false, merged: false, fork: false, base: '' },
  head: { ref: ref.replace('refs/heads/', ''), commit: '' },
});
