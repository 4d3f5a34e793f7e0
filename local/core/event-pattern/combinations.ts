import { invalidPattern } from './invalid.ts';

type Members = Readonly<Record<string, unknown>>;

// AWS says of `$or`: no more than this many combinations.
const MAX_COMBINATIONS = 1000;

// Constants.RESERVED_FIELD_NAMES_IN_OR_RELATIONSHIP of event-ruler, AWS's own matcher
const RESERVED = new Set(
  `exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex not-wildcard
  not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range
  ip-address-in-range ip-address-not-in-range`.split(/\s+/),
);

/**
 * The patterns without `$or` that a pattern stands for, one for each choice of alternatives, as AWS's matcher makes them;
 * `{"state.status": …}` is `{"state": {"status": …}}`.
 * @throws InvalidEventPatternException, also for a path that stands twice: AWS's matcher refuses it or takes one of the two
 */
export function combinationsOf(pattern: Members, path = '', isAlternative = false): readonly Members[] {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw invalidPattern('Empty objects are not allowed');
  let found: readonly Members[] = [{}];
  for (const [name, value] of entries) {
    const forms = name === '$or' ? alternatives(value, path) : formsOf(name, value, path, isAlternative);
    if (found.length * forms.length > MAX_COMBINATIONS)
      throw invalidPattern(`The pattern has over ${MAX_COMBINATIONS} rule combinations`);
    found = found.flatMap((one) => forms.map((form) => joined(one, form, path)));
  }
  return found;
}

function alternatives(value: unknown, path: string): readonly Members[] {
  if (!Array.isArray(value) || !value.every(isMembers))
    throw invalidPattern('$or must be an array of objects');
  if (value.length < 2) throw invalidPattern('There must have at least 2 Objects in $or relationship');
  return value.flatMap((each) => combinationsOf(each, path, true));
}

function formsOf(name: string, value: unknown, path: string, isAlternative: boolean): readonly Members[] {
  if (isAlternative && RESERVED.has(name))
    throw invalidPattern(`${name} is Ruler reserved fieldName which cannot be used inside $or.`);
  const forms = isMembers(value) ? combinationsOf(value, `${path}${name}.`, isAlternative) : [value];
  const [first = '', ...rest] = name.split('.');
  return forms.map((form) => only(rest.reduceRight<unknown>(only, form), first));
}

function joined(first: Members, second: Members, path: string): Members {
  const members: Record<string, unknown> = Object.assign(Object.create(null), first);
  for (const [name, value] of Object.entries(second)) {
    const other = members[name];
    if (other === undefined) members[name] = value;
    else if (isMembers(other) && isMembers(value)) members[name] = joined(other, value, `${path}${name}.`);
    else throw invalidPattern(`Path \`${path}${name}\` cannot be allowed multiple times`);
  }
  return members;
}

const only = (value: unknown, name: string): Members => Object.assign(Object.create(null), { [name]: value });

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
