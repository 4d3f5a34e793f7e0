import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { Forecast as Found, ReplayAnswer, ReplayRequest } from '../../api.ts';
import { navigate } from '../address.ts';
import { Failure, post } from '../api/client.ts';
import { addressOfReplay } from './address.ts';
import { Answer } from './forecast.tsx';
import type { ForecastState } from './use-forecast.ts';

interface Props {
  readonly request: ReplayRequest;
  readonly forecast: ForecastState;
  /** begins the forecast */
  readonly count: () => void;
  /** whether the page was opened for this very replay: nothing but the confirmation is left */
  readonly isAsked: boolean;
}

/** A button that starts the replay, once a person has seen how much would run again. */
export function StartReplay({ request, forecast, count, isAsked }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const open = (): void => {
    setFailure(undefined);
    dialog.current?.showModal();
    if (!forecast.result && !forecast.running) count();
  };
  const ask = useEffectEvent(() => isAsked && open());
  useEffect(() => {
    ask();
  }, []);
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
    <>
      <button type="button" className="main" disabled={request.rules.length === 0} onClick={open}>
        Start the replay…
      </button>
      {createPortal(
        <dialog ref={dialog} className="ask" aria-labelledby="start-replay">
          <h2 id="start-replay">Start the replay</h2>
          <div className="ask-body">
            <p role="status">
              {forecast.result ? inWords(forecast.result, request.rules) : <Answer state={forecast} />}
            </p>
            {failure && (
              <p className="field-problem" role="alert">
                The replay was not started: {failure.message}
              </p>
            )}
          </div>
          <div className="actions">
            <button type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
            <button type="button" className="main" disabled={starting || forecast.running} onClick={start}>
              Replay
            </button>
          </div>
        </dialog>,
        // The form's own style is not for the buttons of the dialog.
        document.body,
      )}
    </>
  );
}

function inWords({ matches, unknown }: Found, rules: readonly string[]): string {
  const counts = rules.map((name) => `${(matches[name] ?? 0).toLocaleString('en')} by ${name}`);
  const runs = `Of the deliveries on record in that span, ${counts.join(', ')} would run again from the beginning: artifact, pipeline and commit status.`;
  return unknown === 0 ? runs : `${runs} ${unknown.toLocaleString('en')} more cannot be examined.`;
}
