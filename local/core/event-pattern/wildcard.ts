import { invalidPattern } from './invalid.ts';

/** `{ "wildcard": "a*b" }`; `\*` and `\\` stand for themselves. */
export function wildcard(argument: unknown): (value: unknown) => boolean {
  if (typeof argument !== 'string') throw invalidPattern('wildcard match pattern must be a string');
  const parts = literals(argument);
  return (value) => typeof value === 'string' && matches(value, parts);
}

/** The literal pieces between the stars. */
function literals(pattern: string): string[] {
  const parts = [''];
  const append = (text: string) => parts.push(`${parts.pop()}${text}`);
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '*') {
      if (pattern[at + 1] === '*') throw invalidPattern(`Consecutive wildcard characters at pos ${at}`);
      parts.push('');
    } else if (char === '\\') {
      const escaped = pattern[++at];
      if (escaped !== '*' && escaped !== '\\')
        throw invalidPattern(`Invalid escape character at pos ${at - 1}`);
      append(escaped);
    } else append(char);
  }
  return parts;
}

/** Leftmost places are enough between stars, so this takes linear time where a regular expression may not. */
function matches(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
