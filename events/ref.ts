/**
 * The parts that git refuses in a ref: control characters, a space, and its own syntax (git check-ref-format). A lone
 * surrogate is no character: as UTF-8 it would be another name.
 */
const FORBIDDEN = /[\0-\x20\x7f\p{Cs}~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|[./]$/u;

/** Whether git takes a name as a full ref, `refs/heads/main`. */
export function isRef(ref: string): boolean {
  return ref.startsWith('refs/') && !FORBIDDEN.test(ref);
}

/**
 * The full ref of a short name: `main`, `heads/main`, `tag v1`, `tag:v1` or `tags/v1`. A full ref, and a beginning of any,
 * stay as they are.
 */
export function longRef(name: string): string {
  if (name.startsWith('refs/') || name.startsWith('*')) return name;
  if (/^(?:heads|tags)\//.test(name)) return `refs/${name}`;
  const tag = /^tag[ :](.*)$/.exec(name)?.[1];
  return tag === undefined ? `refs/heads/${name}` : `refs/tags/${tag.trim()}`;
}
