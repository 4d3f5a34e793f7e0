import { useCallback, useEffect, useState } from 'react';
import { type Failure, getUnlessSame } from './client.ts';

/** The last answer, and the failure of a request after it. */
export interface Live<T> {
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
  /** sends the request again at once */
  readonly refresh: () => void;
}

/** Polls a value while the page is visible. @param path undefined to wait @param every in ms, 0 to ask once */
export function useLive<T>(path: string | undefined, every: number): Live<T> {
  const [state, setState] = useState<{ path?: string; value?: T; failure?: Failure | undefined }>({});
  const [refreshes, setRefreshes] = useState(0);
  // A change of `refreshes` runs this effect again.
  useEffect(() => {
    if (path === undefined) return;
    const abort = new AbortController();
    let tag = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      try {
        const answer = await getUnlessSame<T>(path, tag, abort.signal);
        // React draws only a value that has changed.
        if (answer) setState({ path, value: answer.value });
        else setState((previous) => (previous.failure ? { ...previous, failure: undefined } : previous));
        tag = answer?.tag ?? tag;
      } catch (error) {
        if (abort.signal.aborted) return;
        setState((previous) => ({
          ...(previous.path === path ? previous : { path }),
          failure: error as Failure,
        }));
      }
      if (every > 0 && !abort.signal.aborted) timer = setTimeout(tick, every);
    };
    const tick = (): void => {
      if (document.hidden) timer = setTimeout(tick, every);
      else void ask();
    };
    void ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [path, every, refreshes]);
  const refresh = useCallback(() => setRefreshes((count) => count + 1), []);
  const current = state.path === path;
  return {
    value: current ? state.value : undefined,
    failure: current ? state.failure : undefined,
    refresh,
  };
}
