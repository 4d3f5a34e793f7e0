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

/** The last pattern that matches decides; `!` in front of it excludes. */
function matchesGlobs(patterns: readonly string[], file: string): boolean {
  return patterns.reduce((matched, pattern) => {
    const excludes = pattern.startsWith('!');
    return globToRegExp(excludes ? pattern.slice(1) : pattern).test(file) ? !excludes : matched;
  }, false);
}

// The pattern language of GitHub's filters: `?` and `+` repeat what is before them, as in a regular expression.
const TOKEN = /\*\*\/|\*\*|\*|\\.|\[[^\]]*\]|[?+]|[^*\\[?+]/gs;

function globToRegExp(glob: string): RegExp {
  const source = glob.replace(TOKEN, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?' || token === '+' || token.startsWith('[')) return token;
    const character = token.startsWith('\\') ? token.slice(1) : token;
    return character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}
