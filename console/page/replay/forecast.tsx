import type { ReactNode } from 'react';
import type { Forecast as Found } from '../../api.ts';
import type { ForecastState } from './use-forecast.ts';

interface Props {
  readonly state: ForecastState;
  readonly begin: () => void;
  /** the button that starts the replay */
  readonly children: ReactNode;
}

/** The forecast of the replay, beside the button that starts the replay. */
export function Forecast({ state, begin, children }: Props) {
  return (
    <section className="forecast" aria-label="Forecast">
      <div className="actions">
        <button type="button" disabled={state.running} onClick={begin}>
          See how many events match
        </button>
        {children}
      </div>
      <p className="hint">A replay runs everything again: artifacts, pipelines and commit statuses.</p>
      <p className="answer" role="status">
        <Answer state={state} />
      </p>
    </section>
  );
}

export function Answer({
  state: { running, done, all, result, failure },
}: {
  readonly state: ForecastState;
}) {
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
