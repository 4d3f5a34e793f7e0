import { describe, expect, it } from 'vitest';
import type { Match } from '../../events/match.ts';
import { repositoriesOf } from '../../events/rule-repositories.ts';

const named = (...full_name: unknown[]): Match => ({ payload: { repository: { full_name } } }) as Match;

describe('the repositories of a match', () => {
  it.each<[string, Match, string[]]>([
    ['a name', named('acme/app'), ['*/acme/app']],
    ['several names', named('acme/app', 'acme/web'), ['*/acme/app', '*/acme/web']],
    ['a prefix', named({ prefix: 'acme/' }), ['*/acme/*']],
    ['a suffix', named({ suffix: '-api' }), ['*/*-api']],
    ['a wildcard', named({ wildcard: 'acme/*-api' }), ['*/acme/*-api']],
    ['a wildcard with a star as such', named({ wildcard: 'acme/\\*' }), ['*/acme/?']],
    ['a variable of IAM', named('acme/${aws:username}'), ['*/acme/?{aws:username}']],
    ['a name in any case', named({ 'equals-ignore-case': 'acme/app' }), ['*/*']],
    ['a prefix in any case', named({ prefix: { 'equals-ignore-case': 'acme/' } }), ['*/*']],
    ['a suffix in any case', named({ suffix: { 'equals-ignore-case': '-api' } }), ['*/*']],
    ['every other name', named({ 'anything-but': 'acme/app' }), ['*/*']],
    ['any name', named({ exists: true }), ['*/*']],
    ['no repository', named({ exists: false }), []],
    ['no text', named(null, true, 5), []],
    ['a name, or no repository', named('acme/app', { exists: false }), ['*/acme/app']],
    ['nothing of repositories', { event: ['push'] }, ['*/*']],
    ['another member of the repository', { payload: { repository: { private: [true] } } }, ['*/*']],
    ['a repository that is no object', { payload: { repository: ['acme/app'] } }, ['*/*']],
    ['a host', { host: ['github.com'], ...named('acme/app') }, ['github.com/acme/app']],
    ['a host alone', { host: ['github.com'] }, ['github.com/*']],
    ['hosts', { host: ['a', { prefix: 'b.' }], ...named('o/n') }, ['a/o/n', 'b.*/o/n']],
    ['alternatives', { $or: [named('acme/app'), named({ prefix: 'beta/' })] }, ['*/acme/app', '*/beta/*']],
    [
      'alternatives below the payload',
      { payload: { $or: [{ repository: { full_name: ['a/b'] } }, { repository: { full_name: ['a/c'] } }] } },
      ['*/a/b', '*/a/c'],
    ],
    ['an alternative that says nothing', { $or: [named('acme/app'), { event: ['push'] }] }, ['*/*']],
    ['a name beside alternatives', { ...named('a/b'), $or: [named('a/b'), named('c/d')] }, ['*/a/b']],
  ])('%s', (_, match, repositories) => {
    expect(repositoriesOf(match)).toEqual(repositories);
  });
});
