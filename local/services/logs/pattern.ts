import { unsupported } from '../../core/aws-error.ts';

interface Terms {
  readonly all: string[];
  readonly any: string[];
  readonly none: string[];
}

const TERM = /([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g;

/**
 * The predicate of a filter pattern of terms: all of `a "b c"`, any of `?a ?b`, none of `-a`.
 * @throws UnsupportedOperation for patterns on JSON, on columns and regular expressions
 */
export function patternOf(pattern: string): (message: string) => boolean {
  if (/^\s*[{[%]/.test(pattern))
    throw unsupported(`the filter pattern ${pattern}: use terms, such as ERROR "not found" -retry`);
  const { all, any, none } = termsOf(pattern);
  return (message) =>
    all.every((term) => message.includes(term)) &&
    (any.length === 0 || any.some((term) => message.includes(term))) &&
    !none.some((term) => message.includes(term));
}

function termsOf(pattern: string): Terms {
  const terms: Terms = { all: [], any: [], none: [] };
  for (const [, sign, quoted, bare] of pattern.matchAll(TERM)) {
    const term = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1');
    const list = sign === '?' ? terms.any : sign === '-' ? terms.none : terms.all;
    list.push(term);
  }
  return terms;
}
