import { expect, it } from 'vitest';
import { limitedFetch } from '../../../events/providers/limited-fetch.ts';

/** A fetch that its signal alone ends. */
const fetchForEver = (_url: string, { signal }: RequestInit): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });

it.each([
  ['has no time limit of its own', undefined],
  ['has more time', new AbortController().signal],
])('a fetch ends after its time where its caller %s', async (_title, signal) => {
  const fetching = limitedFetch(fetchForEver, 10)('http://host.example', { signal: signal ?? null });
  await expect(fetching).rejects.toMatchObject({ name: 'TimeoutError' });
});

it('a fetch that its caller ends is an AbortError, be it before or while it waits', async () => {
  const caller = new AbortController();
  const fetching = () => limitedFetch(fetchForEver, 60_000)('http://host.example', { signal: caller.signal });
  const waiting = fetching();
  caller.abort(new Error('enough'));
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  await expect(fetching()).rejects.toMatchObject({ name: 'AbortError' });
});
