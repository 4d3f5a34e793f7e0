/** What git refuses in a ref: control characters, a space, and its own syntax (git check-ref-format). */
const FORBIDDEN = /[\p{Cc}\p{Cs} ~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|[./]$/u;

/** Whether git takes a name as a full ref, `refs/heads/main`. */
export function isRef(ref: string): boolean {
  return /^refs\/[^/]+\/[^/]/.test(ref) && !FORBIDDEN.test(ref);
}
