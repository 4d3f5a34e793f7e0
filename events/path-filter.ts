import { globToRegExp, signedGlob } from './glob.ts';

/** The filter of a rule by the files that a push changes. */
export interface PathFilter {
  readonly paths?: readonly string[] | undefined;
  readonly 'paths-ignore'?: readonly string[] | undefined;
}

export interface PathFilterResult {
  readonly passes: boolean;
  /** `no changed file matches src/**` */
  readonly reason: string;
}

/**
 * Whether a push that changed these files passes a rule's path filter, as GitHub Actions decides it: `paths` asks for
 * one file that matches, `paths-ignore` for one that does not.
 * @param changed the files of the push; undefined when they are not known, which passes
 * @returns undefined for a rule without a filter
 */
export function filterPaths(
  { paths, 'paths-ignore': ignored }: PathFilter,
  changed: readonly string[] | undefined,
): PathFilterResult | undefined {
  if (!paths && !ignored) return undefined;
  if (!changed) return { passes: true, reason: 'the payload does not list the files: the filter passes' };
  if (paths) return filterByPaths(paths, changed);
  return ignored && filterByPathsIgnore(ignored, changed);
}

function filterByPaths(patterns: readonly string[], changed: readonly string[]): PathFilterResult {
  const file = changed.find((each) => matchesGlobs(patterns, each));
  if (file === undefined) return { passes: false, reason: `no changed file matches ${patterns.join(', ')}` };
  return { passes: true, reason: `the changed file ${file} matches ${patterns.join(', ')}` };
}

function filterByPathsIgnore(patterns: readonly string[], changed: readonly string[]): PathFilterResult {
  const file = changed.find((each) => !matchesGlobs(patterns, each));
  if (file === undefined)
    return { passes: false, reason: `every changed file matches paths-ignore ${patterns.join(', ')}` };
  return {
    passes: true,
    reason: `the changed file ${file} does not match paths-ignore ${patterns.join(', ')}`,
  };
}

/** The last pattern that matches decides. */
function matchesGlobs(patterns: readonly string[], file: string): boolean {
  return patterns.reduce((matched, pattern) => {
    const { excludes, glob } = signedGlob(pattern);
    return globToRegExp(glob).test(file) ? !excludes : matched;
  }, false);
}
