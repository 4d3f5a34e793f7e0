import { useCallback, useEffect, useRef, useState } from 'react';
import { type Failure, get } from './client.ts';

/** The last answer, and the failure of a later request. */
export interface Live<T> {
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
  /** asks again at once */
  readonly refresh: () => void;
}

/**
 * Asks for a value and keeps asking, as long as the page is looked at.
 * @param path undefined to wait
 * @param every in ms, 0 to ask once
 */
export function useLive<T>(path: string | undefined, every: number): Live<T> {
  const [state, setState] = useState<{ path?: string; value?: T; failure?: Failure | undefined }>({});
  const [asked, setAsked] = useState(0);
  const last = useRef('');
  // `asked` is what asks again
  useEffect(() => {
    if (path === undefined) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      try {
        const value = await get<T>(path, abort.signal);
        const text = JSON.stringify(value);
        // A value that has not changed is not drawn again.
        if (text !== last.current || every === 0) setState({ path, value });
        else setState((previous) => (previous.failure ? { path, value } : previous));
        last.current = text;
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
  }, [path, every, asked]);
  const refresh = useCallback(() => setAsked((count) => count + 1), []);
  const current = state.path === path;
  return {
    value: current ? state.value : undefined,
    failure: current ? state.failure : undefined,
    refresh,
  };
}
