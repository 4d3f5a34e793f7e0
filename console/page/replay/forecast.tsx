import { useState } from 'react';
import type { Forecast as Found, ReplayAnswer, ReplayRequest } from '../../api.ts';
import { go } from '../address.ts';
import { Failure, post } from '../api/client.ts';
import { placeOf } from './place.ts';
import { type Asked, useForecast } from './use-forecast.ts';

interface Props {
  readonly request: ReplayRequest;
  readonly possible: boolean;
}

/** What the replay would do, and the button that starts it. */
export function Forecast({ request, possible }: Props) {
  const { asked, ask } = useForecast(request);
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const start = async (): Promise<void> => {
    setStarting(true);
    setFailure(undefined);
    try {
      const { name } = await post<ReplayAnswer>('replays', request);
      go(placeOf(name));
    } catch (error) {
      setFailure(error instanceof Failure ? error : new Failure(String(error), 0));
      setStarting(false);
    }
  };
  return (
    <section className="forecast" aria-label="What it would do">
      <div className="actions">
        <button type="button" disabled={!possible || asked.running} onClick={ask}>
          See how many events match
        </button>
        <button type="button" className="main" disabled={!possible || starting} onClick={start}>
          Start the replay
        </button>
      </div>
      <p className="hint">It runs everything again: artifacts, pipelines and commit statuses.</p>
      <div className="answer" role="status">
        <Answer asked={asked} />
      </div>
      {failure && (
        <p className="field-problem" role="alert">
          It was not started: {failure.message}
        </p>
      )}
    </section>
  );
}

function Answer({ asked: { running, done, all, result, failure } }: { readonly asked: Asked }) {
  if (failure) return <p className="field-problem">It cannot be said: {failure.message}</p>;
  if (result) return <Result found={result} />;
  if (!running) return null;
  return (
    <>
      <progress aria-label="Deliveries looked into" {...(all === 0 ? {} : { value: done, max: all })} />{' '}
      {all === 0 ? 'Reading the deliveries on record' : `${done} of ${all} deliveries looked into`}
    </>
  );
}

function Result({ found: { deliveries, matches, unknown } }: { readonly found: Found }) {
  return (
    <>
      <p>
        <strong>{plural(deliveries, 'delivery', 'deliveries')}</strong> on record in that span.
      </p>
      <ul className="matches">
        {Object.entries(matches).map(([rule, count]) => (
          <li key={rule}>
            <strong>{count.toLocaleString('en')}</strong> would go to the rule <code>{rule}</code>
          </li>
        ))}
      </ul>
      {unknown > 0 && (
        <p>
          {plural(unknown, 'more is', 'more are')} too large to be looked into, or forgotten, and may match as
          well.
        </p>
      )}
    </>
  );
}

const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
