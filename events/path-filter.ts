import { globToRegExp, signedGlob } from './glob.ts';
import type { RuleOptions } from './rule.ts';

/**
 * Whether a push that changed these files passes a rule's path filters, as GitHub Actions decides it: `paths` asks for
 * one file that matches, `paths-ignore` for one that does not.
 * @param changed the files of the push; undefined when they are not known, which passes
 */
export function passesPaths(
  rule: Pick<RuleOptions, 'paths' | 'paths-ignore'>,
  changed: readonly string[] | undefined,
): boolean {
  if (changed === undefined) return true;
  const { paths, 'paths-ignore': ignored } = rule;
  if (paths) return changed.some((file) => matchesGlobs(paths, file));
  if (ignored) return changed.some((file) => !matchesGlobs(ignored, file));
  return true;
}

/** The last pattern that matches decides. */
function matchesGlobs(patterns: readonly string[], file: string): boolean {
  return patterns.reduce((matched, pattern) => {
    const { excludes, glob } = signedGlob(pattern);
    return globToRegExp(glob).test(file) ? !excludes : matched;
  }, false);
}
