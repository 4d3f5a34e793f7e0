import { FILTER_OUTCOMES } from '../parts/outcome.tsx';

/** The filters of the list, in the order in which they stand above it. */
export const FIELDS = ['repository', 'ref', 'commit', 'event', 'rule', 'outcome'] as const;
export type Field = (typeof FIELDS)[number];

/** What the reader has written, by field. */
export type Filter = Readonly<Partial<Record<Field, string>>>;

export const OUTCOMES = ['', ...FILTER_OUTCOMES];

/** The filter in an address. */
export function filterOf(search: URLSearchParams): Filter {
  return Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = search.get(field);
      return value === null ? [] : [[field, value]];
    }),
  );
}

/** The address of a filter. */
export function placeOf(filter: Filter): string {
  const search = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  return search.size === 0 ? '/' : `/?${search}`;
}

/** What the server is asked: names are looked for by how they begin, and a ref by what people call it. */
export function queryOf(filter: Filter): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filter).flatMap(([field, value]) => {
      if (value === '') return [];
      if (field === 'outcome') return [[field, value === 'running' ? '' : value]];
      return [[field, `${field === 'ref' ? longRef(value) : value}*`.replace(/\*+$/, '*')]];
    }),
  );
}

function longRef(ref: string): string {
  if (ref.startsWith('refs/')) return ref;
  return ref.startsWith('tag ') ? `refs/tags/${ref.slice('tag '.length)}` : `refs/heads/${ref}`;
}
