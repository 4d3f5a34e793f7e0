import { expect, it } from 'vitest';
import { askedOf, askedSchema } from '../../events/asked.ts';
import type { OpenFilter } from '../../events/change-filter.ts';

const filters = { skip: ['ci-words' as const], paths: ['a/**'], 'paths-ignore': ['b/**'] };

it.each<[OpenFilter[], object]>([
  [[], {}],
  [['skip'], { skip: filters.skip }],
  [['paths'], { paths: filters.paths, 'paths-ignore': filters['paths-ignore'] }],
  [['skip', 'paths'], filters],
])('a pull decides by the filters that the payload has left open, %j, and by no other', (open, asked) => {
  expect(askedOf(filters, open)).toEqual({ values: [], ...asked });
  expect(askedOf({}, open)).toEqual({ values: [] });
});

it('a pull is asked for what git knows of the commit, and a template names', () => {
  const variables = { A: '{commit.subject} of {branch}', B: '{commit}', C: '{commit.files|none}' };
  const rule = { pipeline: { name: 'x', variables }, status: { context: 'ci {commit.author}' } };
  expect(askedOf(rule, [])).toEqual({ values: ['commit.subject', 'commit.files', 'commit.author'] });
});

it('a build reads what another release asks of it, without what it does not know', () => {
  expect(askedSchema.parse({})).toEqual({ values: [] });
  const asked = { values: ['commit.subject'], ...filters, giveWay: 'acme' };
  expect(askedSchema.parse({ ...asked, more: 1 })).toEqual(asked);
});
