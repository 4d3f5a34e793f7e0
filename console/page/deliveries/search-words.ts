import { FILTER_OUTCOMES } from '../parts/outcome-words.ts';
import { ASKED, type Asked, type Filter } from './filter.ts';

const GROUPS = ['failed', 'running', 'done'];
const EVENTS = ['push', 'ping', 'create', 'delete', 'pull_request', 'release', 'issue_comment'];

/** What people call a filter. */
const NAMES: Readonly<Record<string, Asked>> = {
  repo: 'repository',
  branch: 'ref',
  pipeline: 'pipelineStatus',
  id: 'deliveryId',
  delivery: 'deliveryId',
};

type Found = readonly [field: Asked, value: string];

/** The filter that the words of the search box ask for: `failed website main 1h`, `rule:default !Ignored`. */
export function filterOfWords(text: string): Filter {
  const filter: Partial<Record<Asked, string>> = {};
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const [field, value] = named(word) ?? known(word) ?? bare(word, filter);
    filter[field] = field === 'outcome' && filter.outcome ? `${filter.outcome},${value}` : value;
  }
  return filter;
}

/** `rule:default` */
function named(word: string): Found | undefined {
  const [, name = '', value = ''] = /^(\w+):(.+)$/.exec(word) ?? [];
  const field = NAMES[name.toLowerCase()] ?? ASKED.find((each) => each.toLowerCase() === name.toLowerCase());
  return field && [field, value];
}

/** A word that says by itself which filter is meant. */
function known(word: string): Found | undefined {
  if (isOutcome(word)) return ['outcome', word];
  if (/^\d+(s|m|min|h|d|w)$|^(today|yesterday)$/.test(word)) return ['since', word];
  if (/^[0-9a-f]{8}-[0-9a-f-]+$/.test(word)) return ['deliveryId', word];
  if (/^(?=.*\d)[0-9a-f]{7,40}$/.test(word)) return ['commit', word];
  if (EVENTS.includes(word)) return ['event', word];
  if (/^(refs\/|tag:)/.test(word)) return ['ref', word];
  return undefined;
}

function isOutcome(word: string): boolean {
  const name = word.replace(/^!/, '').toLowerCase();
  return [...GROUPS, ...FILTER_OUTCOMES].some((each) => each.toLowerCase() === name);
}

/** The first other word is a repository, and the next one a ref. */
const bare = (word: string, filter: Filter): Found => [filter.repository ? 'ref' : 'repository', word];
