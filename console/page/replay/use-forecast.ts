import { useCallback, useEffect, useRef, useState } from 'react';
import type { Forecast, ForecastLine, ReplayRequest } from '../../api.ts';
import { Failure } from '../api/client.ts';
import { lines } from '../api/lines.ts';

export interface ForecastState {
  readonly running: boolean;
  readonly done: number;
  readonly all: number;
  readonly result?: Forecast;
  readonly failure?: Failure;
}

const NOT_ASKED: ForecastState = { running: false, done: 0, all: 0 };

/**
 * A replay's forecast, which begins on request. The forecast is given up when the request changes or the page closes.
 */
export function useForecast(request: ReplayRequest): {
  readonly state: ForecastState;
  readonly begin: () => void;
} {
  const [state, setState] = useState(NOT_ASKED);
  const abort = useRef<AbortController>(undefined);
  const text = JSON.stringify(request);
  useEffect(
    () => () => {
      abort.current?.abort();
      if (text) setState(NOT_ASKED);
    },
    [text],
  );
  const begin = useCallback(async () => {
    const work = new AbortController();
    abort.current?.abort();
    abort.current = work;
    const set = (to: ForecastState | ((previous: ForecastState) => ForecastState)): void => {
      if (!work.signal.aborted) setState(to);
    };
    set({ ...NOT_ASKED, running: true });
    try {
      for await (const line of lines<ForecastLine>('replays/forecast', JSON.parse(text), work.signal))
        set((previous) =>
          'result' in line ? { ...previous, running: false, result: line.result } : { ...previous, ...line },
        );
    } catch (error) {
      set({ ...NOT_ASKED, failure: error instanceof Failure ? error : new Failure(String(error), 0) });
    }
  }, [text]);
  return { state, begin };
}
