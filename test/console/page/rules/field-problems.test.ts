import { describe, expect, it } from 'vitest';
import { problemAt, problemOfWhole } from '../../../../console/page/rules/field-problems.ts';

const problems = [
  { path: ['name'], message: 'the name' },
  { path: ['match', 'payload', 'ref', 0, 'prefix'], message: 'the ref' },
  { path: ['match', 'payload', 'ref', 1], message: 'its other condition' },
  { path: ['match'], message: 'the match' },
  { path: [], message: 'the rule' },
  { path: ['paths-ignore'], message: 'another option' },
];

describe('a problem of a rule', () => {
  it('is shown at the field that holds the place where it stands', () => {
    expect(problemAt('name', problems)).toBe('the name');
    expect(problemAt('ref', problems)).toBe('the ref; its other condition');
    expect(problemAt('event', problems)).toBe('');
  });

  it('is shown at the whole when no single field holds that place', () => {
    expect(problemOfWhole(problems)).toBe('the match; the rule; another option');
  });
});
