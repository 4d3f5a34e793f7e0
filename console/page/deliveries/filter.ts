import { FILTER_OUTCOMES, wordsOf } from '../parts/outcome-words.ts';

/** The filters of the list, in the order in which the page shows them. */
export const FIELDS = [
  'repository',
  'ref',
  'commit',
  'event',
  'rule',
  'outcome',
  'pipelineStatus',
  'took',
  'since',
] as const;
export type Field = (typeof FIELDS)[number];

/** The filters that the search box and the address take: an id has no field of its own. */
export const ASKED = [...FIELDS, 'deliveryId'] as const;
export type Asked = (typeof ASKED)[number];

/** What a filter is called where its name is not the word for it. */
export const LABELS: Readonly<Partial<Record<Asked, string>>> = {
  pipelineStatus: 'pipeline',
  since: 'time',
  deliveryId: 'delivery',
};

/** The text of each filter; `all` is `true` where what needs nobody's attention is shown too. */
export type Filter = Readonly<Partial<Record<Asked | 'all', string>>>;

/** The choices of those filters that offer some, each with its words. */
export const CHOICES: Readonly<Partial<Record<Asked, readonly (readonly [value: string, words: string])[]>>> =
  {
    outcome: [
      ['', 'any'],
      ['failed', 'Failed'],
      ['running', 'Running'],
      ['done', 'Done'],
      ...FILTER_OUTCOMES.map((outcome) => [outcome, wordsOf(outcome)] as const),
    ],
    pipelineStatus: [
      ['', 'any'],
      ...['running', 'succeeded', 'failed', 'stopped', 'superseded', 'cancelled'].map(
        (word) => [word, word] as const,
      ),
    ],
    took: [
      ['', 'any'],
      ['2', '2 s or more'],
      ['10', '10 s or more'],
      ['60', '1 min or more'],
      ['300', '5 min or more'],
      ['900', '15 min or more'],
    ],
    since: [
      ['', 'any time'],
      ['1h', 'the last hour'],
      ['1d', 'the last day'],
      ['7d', 'the last 7 days'],
      ['30d', 'the last 30 days'],
    ],
  };

/** The filter in an address. */
export function filterOf(search: URLSearchParams): Filter {
  return Object.fromEntries(
    [...ASKED, 'all'].flatMap((field) => {
      const value = search.get(field);
      return value === null ? [] : [[field, value]];
    }),
  );
}

/** The address of a filter. */
export function addressOfFilter(filter: Filter): string {
  const search = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  return search.size === 0 ? '/' : `/?${search}`;
}

/** Whether what needs nobody's attention is counted and not shown. Who asks for an outcome or an id is shown all that have it. */
export const hides = ({ all, outcome, deliveryId }: Filter): boolean => !all && !outcome && !deliveryId;

/** The filter as the server takes it: a name stands for all names that begin with it. */
export function queryOf(filter: Filter): Record<string, string> {
  const { all: _, ...fields } = filter;
  const asked = Object.entries(fields).flatMap(([field, value]) => {
    if (value === '') return [];
    // The server finds a name without its owner anywhere in a repository's full name.
    const asWritten = UNCHANGED_FIELDS.includes(field) || (field === 'repository' && !value.includes('/'));
    return [[field, asWritten ? value : `${value}*`.replace(/\*+$/, '*')]];
  });
  return { ...Object.fromEntries(asked), ...(hides(filter) ? { hide: 'true' } : {}) };
}

const UNCHANGED_FIELDS: readonly string[] = ['took', 'outcome', 'pipelineStatus', 'since'];

/** Whether what was taken for the beginning of a commit may be that of a delivery's id: a command prints eight characters of it. */
export const mayBeDelivery = (commit: string | undefined): commit is string =>
  commit !== undefined && /^[0-9a-f]{7,8}$/.test(commit);
