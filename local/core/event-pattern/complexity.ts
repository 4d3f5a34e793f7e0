import { invalidPattern } from './invalid.ts';

// What counts is how many prefixes of a member's wildcards one text can match at a time, as event-ruler, EventBridge's own
// matcher, counts them (MachineComplexityEvaluator). AWS does not publish its limit. Rules that it took and refused set it
// between nine and eleven: `*:stack/NAME/*` for three names (nine) is taken, for four (twelve) refused.
const MAX_PREFIXES = 10;

type Pattern = Readonly<Record<string, unknown>>;
type Token = string | typeof STAR;

const STAR = Symbol('*');

/**
 * @param combinations of the pattern's alternatives
 * @throws InvalidEventPatternException for wildcards that EventBridge takes for too many
 */
export function checkComplexity(combinations: readonly Pattern[]): void {
  const found = new Map<string, Set<string>>();
  for (const pattern of combinations) addWildcards(pattern, '', found);
  for (const wildcards of found.values())
    if (isTooComplex(wildcards))
      throw invalidPattern(
        'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
      );
}

/** The wildcards of each member; those of the alternatives come together where they ask for the same member. */
function addWildcards(pattern: Pattern, path: string, found: Map<string, Set<string>>): void {
  for (const [name, value] of Object.entries(pattern)) {
    const below = `${path}.${name}`;
    if (isObject(value)) addWildcards(value, below, found);
    else if (Array.isArray(value))
      found.set(below, new Set([...(found.get(below) ?? []), ...value.flatMap(wildcardsIn)]));
  }
}

function wildcardsIn(condition: unknown): string[] {
  if (!isObject(condition)) return [];
  const { wildcard, 'anything-but': anythingBut } = condition;
  if (anythingBut !== undefined) return wildcardsIn(anythingBut);
  return [wildcard].flat().filter((each) => typeof each === 'string');
}

const isObject = (value: unknown): value is Pattern =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether some text matches more than `MAX_PREFIXES` prefixes: tries every text, but for those that lead to what was seen. */
function isTooComplex(wildcards: Iterable<string>): boolean {
  const patterns = [...wildcards].map(tokens);
  const seen = new Set<string>();
  const pending = [patterns.map((pattern) => closed(pattern, [0]))];
  for (let at = pending.pop(); at !== undefined; at = pending.pop())
    for (const letter of lettersAfter(patterns, at)) {
      const next = at.map((places, index) => step(patterns[index] ?? [], places, letter));
      const { length } = next.flat();
      if (length > MAX_PREFIXES) return true;
      const key = next.join(' ');
      if (length === 0 || seen.has(key)) continue;
      seen.add(key);
      pending.push(next);
    }
  return false;
}

/** The letters that some pattern asks for next; the empty one stands for all others, which differ in nothing. */
function lettersAfter(patterns: readonly Token[][], at: readonly number[][]): Set<Token> {
  return new Set([
    '',
    ...at.flatMap((places, index) => places.map((place) => patterns[index]?.[place] ?? '')),
  ]);
}

/** How much of a pattern has matched after one letter more. */
function step(pattern: readonly Token[], places: readonly number[], letter: Token): number[] {
  const next = places.flatMap((place) => [
    ...(pattern[place] === letter ? [place + 1] : []),
    ...(pattern[place - 1] === STAR ? [place] : []),
  ]);
  return closed(pattern, next);
}

/** A star matches nothing, too. */
const closed = (pattern: readonly Token[], places: readonly number[]): number[] =>
  [...new Set(places.flatMap((place) => (pattern[place] === STAR ? [place, place + 1] : [place])))].sort(
    (a, b) => a - b,
  );

/** EventBridge compares a text with its quotes, as JSON has it. */
const tokens = (wildcard: string): Token[] => [
  '"',
  ...[...wildcard.matchAll(/\\[*\\]|[^*\\]|\*/gu)].map(([piece]) =>
    piece === '*' ? STAR : piece.replace(/^\\/, ''),
  ),
  '"',
];
