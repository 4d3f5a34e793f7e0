import { useCallback, useRef, useState } from 'react';
import type {
  Progress,
  RedeliveriesAnswer,
  RedeliveriesLine,
  RedeliveriesRequest,
  RedeliveriesResult,
} from '../../api.ts';
import { Failure, post } from '../api/client.ts';
import { lines } from '../api/lines.ts';

/** How far redeliveries are. */
export interface Redeliveries {
  readonly plan?: RedeliveriesAnswer;
  readonly running: boolean;
  readonly progress?: Progress;
  readonly result?: RedeliveriesResult;
  /** before all were started */
  readonly stopped: boolean;
  readonly failure?: Failure;
}

const NOTHING: Redeliveries = { running: false, stopped: false };

interface Actions {
  readonly state: Redeliveries;
  /** counts what would run again */
  readonly count: () => void;
  /** starts what was counted, or the rest of it @param force also what would end as before */
  readonly run: (force: boolean) => void;
  readonly stop: () => void;
}

/** Runs all deliveries of a list again. @param shown the list's query */
export function useRedeliveries(shown: Readonly<Record<string, string>>): Actions {
  const [state, setState] = useState(NOTHING);
  const work = useRef<AbortController>(undefined);
  // What was counted stays what is run, whatever becomes of the filters.
  const counted = useRef(shown);
  const begin = (): AbortSignal => {
    work.current?.abort();
    work.current = new AbortController();
    return work.current.signal;
  };
  const count = useCallback(async () => {
    const signal = begin();
    counted.current = shown;
    setState(NOTHING);
    const answer = await post<RedeliveriesAnswer>('redeliveries/plan', { shown }, signal).then(
      (plan) => ({ plan }),
      (error: unknown) => ({ failure: failureOf(error) }),
    );
    if (!signal.aborted) setState({ ...NOTHING, ...answer });
  }, [shown]);
  const run = useCallback(
    async (force: boolean) => {
      const { plan } = state;
      if (!plan) return;
      const signal = begin();
      setState({ plan, running: true, stopped: false });
      const { replayName, since, until } = plan;
      const body: RedeliveriesRequest = { shown: counted.current, replayName, since, until, force };
      try {
        for await (const line of lines<RedeliveriesLine>('redeliveries', body, signal))
          setState(
            'result' in line
              ? { plan, running: false, stopped: false, result: line.result }
              : { plan, running: true, stopped: false, progress: line },
          );
      } catch (error) {
        if (signal.aborted) setState({ plan, running: false, stopped: true });
        else setState({ plan, running: false, stopped: true, failure: failureOf(error) });
      }
    },
    [state],
  );
  const stop = useCallback(() => work.current?.abort(), []);
  return { state, count, run, stop };
}

const failureOf = (error: unknown): Failure =>
  error instanceof Failure ? error : new Failure(String(error), 0);
