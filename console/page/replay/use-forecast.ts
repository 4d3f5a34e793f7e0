import { useCallback, useEffect, useRef, useState } from 'react';
import type { Forecast, ForecastLine, ReplayRequest } from '../../api.ts';
import { Failure } from '../api/client.ts';
import { lines } from '../api/lines.ts';

export interface Asked {
  readonly running: boolean;
  readonly done: number;
  readonly all: number;
  readonly result?: Forecast;
  readonly failure?: Failure;
}

const NOTHING: Asked = { running: false, done: 0, all: 0 };

/** How many events match, asked for when wanted; the work ends when the request changes or the page goes. */
export function useForecast(request: ReplayRequest): { readonly asked: Asked; readonly ask: () => void } {
  const [asked, setAsked] = useState(NOTHING);
  const abort = useRef<AbortController>(undefined);
  const text = JSON.stringify(request);
  useEffect(
    () => () => {
      abort.current?.abort();
      if (text) setAsked(NOTHING);
    },
    [text],
  );
  const ask = useCallback(async () => {
    const work = new AbortController();
    abort.current?.abort();
    abort.current = work;
    const set = (to: Asked | ((previous: Asked) => Asked)): void => {
      if (!work.signal.aborted) setAsked(to);
    };
    set({ ...NOTHING, running: true });
    try {
      for await (const line of lines<ForecastLine>('replays/forecast', JSON.parse(text), work.signal))
        set((previous) =>
          'result' in line ? { ...previous, running: false, result: line.result } : { ...previous, ...line },
        );
    } catch (error) {
      set({ ...NOTHING, failure: error instanceof Failure ? error : new Failure(String(error), 0) });
    }
  }, [text]);
  return { asked, ask };
}
