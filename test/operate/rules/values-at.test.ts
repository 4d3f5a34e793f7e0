import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valuesAtPaths } from '../../../operate/rules/values-at.ts';

const member = fc.string({ minLength: 1 }).filter((name) => name !== '$or' && name !== '__proto__');
const nest = (path: readonly string[], value: unknown): Record<string, unknown> => {
  const [first = '', ...rest] = path;
  return { [first]: rest.length === 0 ? value : nest(rest, value) };
};

describe('what an event has where a pattern looks', () => {
  it('is found at any path', () => {
    fc.assert(
      fc.property(
        fc.array(member, { minLength: 1, maxLength: 5 }),
        fc.string({ maxLength: 50 }),
        (path, value) => {
          expect(valuesAtPaths(nest(path, value), nest(path, ['something']))).toEqual([
            { path: path.join('.'), value: JSON.stringify(value) },
          ]);
        },
      ),
    );
  });

  it('is nothing where the event ends before the path', () => {
    const pattern = { payload: { repository: { full_name: ['acme/site'] } } };
    for (const detail of [{}, { payload: null }, { payload: { repository: 'acme/site' } }, undefined])
      expect(valuesAtPaths(detail, pattern)).toEqual([
        { path: 'payload.repository.full_name', value: undefined },
      ]);
    expect(valuesAtPaths({}, { toString: ['x'] })).toEqual([{ path: 'toString', value: undefined }]);
  });

  it('is of every element of a list, as EventBridge looks at it', () => {
    const detail = { payload: { commits: [{ id: 'a' }, {}, { id: 'b' }] } };
    expect(valuesAtPaths(detail, { payload: { commits: { id: ['b'] } } })).toEqual([
      { path: 'payload.commits.id', value: '["a","b"]' },
    ]);
  });

  it('is named once for each place that alternatives look at', () => {
    const pattern = {
      payload: { $or: [{ ref: ['refs/heads/main'] }, { ref: [{ prefix: 'refs/tags/' }], forced: [true] }] },
    };
    expect(valuesAtPaths({ payload: { ref: 'refs/heads/main', forced: false } }, pattern)).toEqual([
      { path: 'payload.ref', value: '"refs/heads/main"' },
      { path: 'payload.forced', value: 'false' },
    ]);
  });

  it('is cut off when it is long', () => {
    const [found] = valuesAtPaths({ event: 'x'.repeat(5000) }, { event: ['push'] });
    expect(found?.value).toHaveLength(201);
  });
});
