// The pattern language of GitHub's filters: `?` and `+` repeat what is before them, as in a regular expression.
const TOKEN = /\*\*\/|\*\*|\*|\\.|\[[^\]]*\]|[?+]|[^*\\[?+]/gs;

/**
 * One pattern of a path filter, without the `!` in front.
 * @throws for a repetition of nothing, and for an invalid range
 */
export function globToRegExp(glob: string): RegExp {
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

/** A pattern with its sign: `!` in front excludes. */
export function signedGlob(pattern: string): { readonly excludes: boolean; readonly glob: string } {
  const excludes = pattern.startsWith('!');
  return { excludes, glob: excludes ? pattern.slice(1) : pattern };
}

/** Whether a pattern can be read. */
export function isGlob(pattern: string): boolean {
  try {
    return signedGlob(pattern).glob !== '' && globToRegExp(signedGlob(pattern).glob) instanceof RegExp;
  } catch {
    return false;
  }
}
