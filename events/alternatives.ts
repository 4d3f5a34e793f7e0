type Pattern = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

// AWS says of `$or`: no more than this many combinations.
const MAX_COMBINATIONS = 1000;

// Constants.RESERVED_FIELD_NAMES_IN_OR_RELATIONSHIP of event-ruler, EventBridge's own matcher.
const RESERVED = new Set(
  `exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex not-wildcard
  not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range
  ip-address-in-range ip-address-not-in-range`.split(/\s+/),
);

/** What EventBridge refuses of a pattern's alternatives, or reads in another way than it looks. */
export class AlternativesError extends Error {
  override readonly name = 'AlternativesError';

  constructor(
    readonly path: Path,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The patterns without `$or` that a pattern stands for, one for each choice of alternatives: EventBridge takes what one of
 * them takes. Members of a list stand together in one of its elements, also where an alternative asks for some of them.
 * @throws AlternativesError
 */
export function combinationsOf(pattern: Pattern, path: Path = [], isAlternative = false): readonly Pattern[] {
  let found: readonly Pattern[] = [{}];
  for (const [name, value] of Object.entries(pattern)) {
    const forms = formsOf(name, value, path, isAlternative);
    if (found.length * forms.length > MAX_COMBINATIONS)
      throw new AlternativesError(
        [...path, name],
        `the alternatives make more than ${MAX_COMBINATIONS} combinations, which is all that EventBridge takes: split the rule in two files`,
      );
    found = found.flatMap((one) => forms.map((form) => joined(one, form, path)));
  }
  return found;
}

function formsOf(name: string, value: unknown, path: Path, isAlternative: boolean): readonly Pattern[] {
  const below = [...path, name];
  if (name === '$or' && Array.isArray(value))
    return value.flatMap((each, at) => combinationsOf(each, [...below, at], true));
  if (isAlternative && RESERVED.has(name))
    throw new AlternativesError(below, `EventBridge takes no member ${name} in an alternative of $or`);
  if (!isMembers(value)) return [only(name, value)];
  return combinationsOf(value, below, isAlternative).map((each) => only(name, each));
}

/** Both parts of a pattern in one. EventBridge keeps one list of values a member: it would take one part's for the other's. */
function joined(first: Pattern, second: Pattern, path: Path): Pattern {
  const members: Record<string, unknown> = Object.assign(Object.create(null), first);
  for (const [name, value] of Object.entries(second)) {
    const other = members[name];
    const below = [...path, name];
    if (other === undefined) members[name] = value;
    else if (isMembers(other) && isMembers(value)) members[name] = joined(other, value, below);
    else
      throw new AlternativesError(
        below,
        `${name} stands in an alternative of $or and beside it, and EventBridge takes one of the two: write it in each alternative`,
      );
  }
  return members;
}

const only = (name: string, value: unknown): Pattern => Object.assign(Object.create(null), { [name]: value });

const isMembers = (value: unknown): value is Pattern =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
