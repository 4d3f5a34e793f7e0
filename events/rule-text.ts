import { stringify } from 'yaml';
import { longRef } from './ref.ts';
import { MAX_DESCRIPTION } from './rule.ts';
import { ruleDoubts } from './rule-doubts.ts';
import { RuleFileError } from './rule-problem.ts';
import { cut } from './template.ts';

/** The few members in which most rules differ. */
export interface RuleDraft {
  readonly description?: string;
  readonly event?: readonly string[];
  /** `owner/name`; `owner/*` for every repository that begins so */
  readonly repository?: string;
  /** a ref as people call it, `main` or `tag v1`, or in full; with `*` at its end, every ref that begins so */
  readonly ref?: string;
  /** a tag, as `v1`; with `*` at its end, every tag that begins so */
  readonly tag?: string;
  readonly pipeline?: string;
  readonly status?: boolean;
  /** globs, as in GitHub Actions */
  readonly paths?: readonly string[];
  /** whether a commit that says `[skip ci]` is left out */
  readonly skipCi?: boolean;
  /** whether a push that is behind the tip makes no artifact */
  readonly skipSuperseded?: boolean;
}

/**
 * The YAML of a rule.
 * @throws RuleFileError for a rule that its file could not hold, and for values that no delivery can have
 */
export function ruleText(
  name: string,
  {
    description,
    event = [],
    repository,
    ref,
    tag,
    pipeline,
    status,
    paths,
    skipCi,
    skipSuperseded,
  }: RuleDraft,
): string {
  const refs = [...(ref ? [refOf(ref, event)] : []), ...(tag ? [longRef(`tag ${tag}`)] : [])];
  const payload = {
    ...(refs.length > 0 ? { ref: refs.map(condition) } : {}),
    ...(repository ? { repository: { full_name: [condition(repository)] } } : {}),
  };
  const rule = {
    description: description || inWords(event, repository, [ref ?? '', tag ? `tag ${tag}` : '']),
    match: {
      ...(event.length > 0 ? { event } : {}),
      ...(Object.keys(payload).length > 0 ? { payload } : {}),
    },
    ...(paths && paths.length > 0 ? { paths } : {}),
    ...(skipCi ? { skip: ['ci-words'] } : {}),
    ...(pipeline ? { pipeline } : {}),
    ...(status ? { status } : {}),
    ...(skipSuperseded ? { superseded: 'skip' } : {}),
  };
  const text = `# yaml-language-server: $schema=../rule.schema.json\n${stringify(rule)}`;
  const doubts = ruleDoubts(text, `${name}.yaml`);
  if (doubts.length > 0) throw new RuleFileError(doubts);
  return text;
}

/** `push to main of acme/site`, for want of a reason that its author gives. */
function inWords(event: readonly string[], repository: string | undefined, refs: readonly string[]): string {
  const named = refs.filter((ref) => ref !== '');
  const to = named.length > 0 ? ` to ${named.join(' or ')}` : '';
  return cut(
    `${event.join(', ') || 'every event'}${to} of ${repository || 'every repository'}`,
    MAX_DESCRIPTION,
  );
}

// The events whose payload has the short name of a ref.
const SHORT_REF_EVENTS = ['create', 'delete'];

/** The ref as the payload has it. */
function refOf(ref: string, event: readonly string[]): string {
  const isShort = event.length > 0 && event.every((name) => SHORT_REF_EVENTS.includes(name));
  return isShort ? ref : longRef(ref);
}

const condition = (value: string): unknown => (value.endsWith('*') ? { prefix: value.slice(0, -1) } : value);
