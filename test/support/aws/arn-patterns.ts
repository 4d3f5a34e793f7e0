/** A pattern of IAM, with `*` and `?`, as a regular expression for the whole text. */
export const globToExpression = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );

// What these stand for may hold slashes and colons.
const LONG = [
  'ApiSpecificResourcePath',
  'LogGroupName',
  'LogStreamName',
  'ObjectName',
  'ParameterNameWithoutLeadingSlash',
  'RoleNameWithPath',
  'SecretId',
];

/** A piece of a pattern: a character, or what stands for one or more, slashes and colons among them or not. */
type Piece = string | { readonly long: boolean };

/** An ARN of the service authorization reference in pieces: `arn:${Partition}:s3:::${BucketName}/${ObjectName}`. */
const piecesOf = (arn: string): Piece[] =>
  [...arn.matchAll(/\$\{(\w+)\}|./gs)].map(
    ([all, name]): Piece => (name === undefined ? all : { long: LONG.includes(name) }),
  );

/**
 * Whether there is a resource that both a policy's resource and an ARN of the reference mean.
 * @param glob a policy's resource, with `*` for anything and `?` for a character
 */
export function globMeets(glob: string, arn: string): boolean {
  const pieces = piecesOf(arn);
  const seen = new Map<number, boolean>();
  const meets = (at: number, piece: number): boolean => {
    const place = at * (pieces.length + 1) + piece;
    const known = seen.get(place);
    if (known !== undefined) return known;
    const found = step(at, piece);
    seen.set(place, found);
    return found;
  };
  const step = (at: number, piece: number): boolean => {
    const character = glob[at];
    const expected = pieces[piece];
    if (character === undefined) return expected === undefined;
    if (character === '*') return meets(at + 1, piece) || (expected !== undefined && meets(at, piece + 1));
    if (expected === undefined) return false;
    if (typeof expected === 'string')
      return (character === '?' || character === expected) && meets(at + 1, piece + 1);
    const fits = expected.long || !/[/:]/.test(character);
    return fits && (meets(at + 1, piece) || meets(at + 1, piece + 1));
  };
  return meets(0, 0);
}
