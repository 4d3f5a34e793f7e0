import { stringify } from 'yaml';
import { parseRule } from './rule-file.ts';

/** The few things that most rules differ in. */
export interface RuleDraft {
  readonly description?: string;
  readonly event?: readonly string[];
  /** `owner/name`; `owner/*` for every repository that begins so */
  readonly repository?: string;
  /** a full ref; with `*` at its end, every ref that begins so */
  readonly ref?: string;
  readonly pipeline?: string;
  readonly status?: boolean;
  /** globs, as in GitHub Actions */
  readonly paths?: readonly string[];
}

/** The YAML of a rule. @throws what is wrong with it, as reading its file would */
export function ruleText(
  name: string,
  { description, event, repository, ref, pipeline, status, paths }: RuleDraft,
): string {
  const payload = {
    ...(ref ? { ref: [condition(ref)] } : {}),
    ...(repository ? { repository: { full_name: [condition(repository)] } } : {}),
  };
  const rule = {
    description: description || `what the rule ${name} is for`,
    match: {
      ...(event && event.length > 0 ? { event } : {}),
      ...(Object.keys(payload).length > 0 ? { payload } : {}),
    },
    ...(paths && paths.length > 0 ? { paths } : {}),
    ...(pipeline ? { pipeline } : {}),
    ...(status ? { status } : {}),
  };
  const text = `# yaml-language-server: $schema=../rule.schema.json\n${stringify(rule)}`;
  parseRule(text, `${name}.yaml`);
  return text;
}

const condition = (value: string): unknown => (value.endsWith('*') ? { prefix: value.slice(0, -1) } : value);
