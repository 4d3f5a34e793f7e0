/** One condition of a rule: a member of the event, and the values that it may have. */
export interface Clause {
  /** `payload.repository.full_name` */
  readonly path: string;
  /** `is "main" or begins with "release/"` */
  readonly words: string;
  /** the pattern of this clause alone */
  readonly pattern: Record<string, unknown>;
}

/** The clauses of a pattern, all of which must hold; an `$or` is one clause. */
export function clausesOf(pattern: Record<string, unknown>, path: readonly string[] = []): Clause[] {
  return Object.entries(pattern).flatMap(([name, value]): Clause[] => {
    if (name === '$or' && Array.isArray(value)) return [alternativesClause(value, path)];
    const below = [...path, name];
    if (Array.isArray(value))
      return [{ path: below.join('.'), words: anyOf(value), pattern: nestedPattern(below, value) }];
    return isObject(value) ? clausesOf(value, below) : [];
  });
}

function alternativesClause(alternatives: readonly unknown[], path: readonly string[]): Clause {
  const words = alternatives.filter(isObject).map((pattern) => inWords(pattern, path));
  return {
    path: path.join('.') || 'the event',
    words: `either ${words.join(', or ')}`,
    pattern: path.length === 0 ? { $or: alternatives } : nestedPattern(path, { $or: alternatives }),
  };
}

/** A pattern in words. */
export function inWords(pattern: Record<string, unknown>, path: readonly string[] = []): string {
  const clauses = clausesOf(pattern, path);
  if (clauses.length === 0) return 'every event';
  return clauses.map(({ path: at, words }) => `${at} ${words}`).join(' and ');
}

function nestedPattern(path: readonly string[], value: unknown): Record<string, unknown> {
  const [first = '', ...rest] = path;
  return { [first]: rest.length === 0 ? value : nestedPattern(rest, value) };
}

const anyOf = (conditions: readonly unknown[]): string => conditions.map(conditionInWords).join(' or ');

const quoted = (value: unknown): string =>
  Array.isArray(value) ? value.map(quoted).join(' or ') : JSON.stringify(value);

const WORDS: Readonly<Record<string, (value: unknown) => string>> = {
  exists: (value) => (value === true ? 'is there' : 'is not there'),
  prefix: (value) => (isObject(value) ? caseless('begins with', value) : `begins with ${quoted(value)}`),
  suffix: (value) => (isObject(value) ? caseless('ends with', value) : `ends with ${quoted(value)}`),
  wildcard: (value) => `is like ${quoted(value)}`,
  'equals-ignore-case': (value) => `is ${quoted(value)} in any case`,
  cidr: (value) => `is an address in ${quoted(value)}`,
  numeric: (value) =>
    `is ${(Array.isArray(value) ? value : [value])
      .map(String)
      .join(' ')
      .replace(/ (?=[<>])/g, ' and ')}`,
  'anything-but': (value) =>
    isObject(value) ? `is nothing that ${conditionInWords(value)}` : `is not ${quoted(value)}`,
};

function conditionInWords(condition: unknown): string {
  if (!isObject(condition)) return `is ${quoted(condition)}`;
  const [[name, value] = ['', undefined]] = Object.entries(condition);
  return WORDS[name]?.(value) ?? `is ${quoted(condition)}`;
}

const caseless = (words: string, value: Record<string, unknown>): string =>
  `${words} ${quoted(value['equals-ignore-case'])} in any case`;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
