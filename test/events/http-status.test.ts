import { expect, it } from 'vitest';
import { statusOf } from '../../events/http-status.ts';

it('an error has the status that it bears, and none where it bears no number', () => {
  expect(statusOf(Object.assign(new Error('no'), { status: 404 }))).toBe(404);
  for (const error of [
    new Error('no'),
    Object.assign(new Error('no'), { status: '404' }),
    'no',
    undefined,
    null,
  ])
    expect(statusOf(error)).toBe(0);
});
