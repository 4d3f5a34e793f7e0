import type { Condition, Match } from './match.ts';
import { providers } from './providers/index.ts';

/**
 * The repositories whose deliveries a match may take, as `host/owner/name` in which `*` stands for any text and `?` for any
 * one character. They may be more than it takes, and never less.
 */
export function repositoriesOf(match: Match): string[] {
  const hosts = textsAt(match, ['host']) ?? ['*'];
  const names = Object.values(providers).flatMap(
    ({ door }) => textsAt(match, ['payload', ...door.summary.repository.split('.').slice(1)]) ?? ['*'],
  );
  return [...new Set(hosts.flatMap((host) => names.map((name) => `${host}/${name}`)))];
}

/** What a member may be; undefined where a match says nothing of it. */
function textsAt(match: Match, [name = '', ...below]: readonly string[]): string[] | undefined {
  const said = match[name];
  if (isList(said)) return below.length === 0 ? said.flatMap(textsFor) : undefined;
  const own = isMatch(said) ? textsAt(said, below) : undefined;
  if (own) return own;
  const alternatives = match.$or?.map((each) => textsAt(each, [name, ...below]));
  return alternatives?.every((texts) => texts !== undefined) ? alternatives.flat() : undefined;
}

function textsFor(condition: Condition): string[] {
  if (typeof condition === 'string') return [literal(condition)];
  if (typeof condition !== 'object' || condition === null) return [];
  if ('exists' in condition) return condition.exists ? ['*'] : [];
  if ('prefix' in condition && typeof condition.prefix === 'string') return [`${literal(condition.prefix)}*`];
  if ('suffix' in condition && typeof condition.suffix === 'string') return [`*${literal(condition.suffix)}`];
  if ('wildcard' in condition) return [literal(condition.wildcard.replace(/\\./g, '?'))];
  return ['*'];
}

/** IAM takes `${` for the beginning of a variable. */
const literal = (text: string): string => text.replaceAll('$', '?');

const isMatch = (said: Match[string]): said is Match => said !== undefined && !Array.isArray(said);

const isList = (said: Match[string]): said is Extract<Match[string], readonly Condition[]> =>
  Array.isArray(said);
