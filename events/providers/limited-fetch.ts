/**
 * A fetch that waits for so many milliseconds at most, of which Octokit has no option. Where the caller's own signal ends it,
 * it throws an `AbortError`, which Octokit does not try again.
 */
export function limitedFetch<I extends { readonly signal?: AbortSignal | null | undefined }, R>(
  fetchOne: (url: string, init: I) => Promise<R>,
  ms: number,
): (url: string, init: I) => Promise<R> {
  return async (url, init) => {
    const { signal } = init;
    // Not `AbortSignal.any`: in Node 20 a time limit that nothing else holds may be collected, and never end.
    const either = new AbortController();
    const end = ({ target }: Event): void => either.abort(target instanceof AbortSignal && target.reason);
    for (const limit of [signal, AbortSignal.timeout(ms)]) limit?.addEventListener('abort', end);
    try {
      signal?.throwIfAborted();
      return await fetchOne(url, { ...init, signal: either.signal });
    } catch (error) {
      if (signal?.aborted) throw new DOMException('the time of all attempts is over', 'AbortError');
      throw error;
    }
  };
}
