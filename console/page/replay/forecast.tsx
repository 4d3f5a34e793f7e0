import { useState } from 'react';
import type { Forecast as Found, ReplayAnswer, ReplayRequest } from '../../api.ts';
import { navigate } from '../address.ts';
import { Failure, post } from '../api/client.ts';
import { addressOfReplay } from './address.ts';
import type { ForecastState } from './use-forecast.ts';

interface Props {
  readonly request: ReplayRequest;
  readonly possible: boolean;
  readonly state: ForecastState;
  readonly begin: () => void;
}

/** The forecast of the replay, and the button that starts the replay. */
export function Forecast({ request, possible, state, begin }: Props) {
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const start = async (): Promise<void> => {
    setStarting(true);
    setFailure(undefined);
    try {
      const { name } = await post<ReplayAnswer>('replays', request);
      navigate(addressOfReplay(name));
    } catch (error) {
      setFailure(error instanceof Failure ? error : new Failure(String(error), 0));
      setStarting(false);
    }
  };
  return (
    <section className="forecast" aria-label="Forecast">
      <div className="actions">
        <button type="button" disabled={!possible || state.running} onClick={begin}>
          See how many events match
        </button>
        <button type="button" className="main" disabled={!possible || starting} onClick={start}>
          Start the replay
        </button>
      </div>
      <p className="hint">A replay runs everything again: artifacts, pipelines and commit statuses.</p>
      <p className="answer" role="status">
        <Answer state={state} />
      </p>
      {failure && (
        <p className="field-problem" role="alert">
          The replay was not started: {failure.message}
        </p>
      )}
    </section>
  );
}

function Answer({ state: { running, done, all, result, failure } }: { readonly state: ForecastState }) {
  if (failure) return <span className="field-problem">The forecast failed: {failure.message}</span>;
  if (result) return inWords(result);
  if (!running) return null;
  return (
    <>
      <progress aria-label="Deliveries examined" {...(all === 0 ? {} : { value: done, max: all })} />{' '}
      {all === 0 ? 'Reading the deliveries on record' : `${done} of ${all} deliveries examined`}
    </>
  );
}

function inWords({ deliveries, unknown }: Found): string {
  const found = `${deliveries.toLocaleString('en')} ${deliveries === 1 ? 'delivery' : 'deliveries'} on record in that span`;
  if (unknown === 0) return `${found}; the number for each rule stands beside the rule.`;
  return `${found}; ${unknown.toLocaleString('en')} of them cannot be examined: they were too large, or their executions have expired.`;
}
