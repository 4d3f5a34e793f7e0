import { useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { wordsOf } from '../parts/outcome-words.ts';
import { Loading, Problem } from '../parts/placeholders.tsx';
import { Executions } from '../replay/executions.tsx';
import { LeftOut, leftOutCount } from './left-out.tsx';
import { type Redeliveries, useRedeliveries } from './use-redeliveries.ts';

interface Props {
  /** the query of the list, whose deliveries run again */
  readonly shown: Readonly<Record<string, string>>;
}

/** A button that runs again all that the list shows, once a person has seen how many there are. */
export function RedeliverAll({ shown }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { state, count, run, stop } = useRedeliveries(shown);
  const [force, setForce] = useState(false);
  const open = (): void => {
    dialog.current?.showModal();
    setForce(false);
    count();
  };
  return (
    <>
      <button type="button" onClick={open}>
        Redeliver all…
      </button>
      {createPortal(
        <dialog ref={dialog} className="ask" aria-labelledby="redeliver-all" onClose={stop}>
          <h2 id="redeliver-all">Redeliver all</h2>
          <div className="ask-body">
            <State state={state} force={force} setForce={setForce} />
          </div>
          <div className="actions">
            <button type="button" onClick={() => dialog.current?.close()}>
              {state.result || state.stopped ? 'Close' : 'Cancel'}
            </button>
            <Next state={state} force={force} run={() => run(force)} stop={stop} />
          </div>
        </dialog>,
        // The form's own style is not for the buttons of the dialog.
        document.body,
      )}
    </>
  );
}

interface StateProps {
  readonly state: Redeliveries;
  /** whether what would end as before runs too */
  readonly force: boolean;
  readonly setForce: (force: boolean) => void;
}

function State({ state, force, setForce }: StateProps) {
  const { plan, running, progress, result, stopped, failure } = state;
  if (failure && !plan) return <Problem failure={failure} />;
  if (!plan) return <Loading what="Counting the deliveries" />;
  if (running) return <Started progress={progress} />;
  if (!result && !stopped)
    return (
      <>
        <Question plan={plan} />
        <LeftOut inVain={plan.inVain} force={force} setForce={setForce} />
      </>
    );
  return (
    <>
      <p role="status">{result ? resultInWords(result) : 'Stopped. What was started goes on.'}</p>
      {failure && (
        <p className="field-problem" role="alert">
          {failure.message}
        </p>
      )}
      <Executions name={plan.replayName} since={plan.since} ended={result !== undefined} />
    </>
  );
}

function Question({ plan: { outcomes, inVain } }: { readonly plan: NonNullable<Redeliveries['plan']> }) {
  const all = sum(outcomes);
  if (all === 0 && inVain.length > 0) return <p role="status">Nothing that would end otherwise.</p>;
  if (all === 0)
    return (
      <p role="status">
        Nothing to run again: of what the filters show, each delivery runs, was run again since, or was taken
        by no rule.
      </p>
    );
  return (
    <>
      <p role="status">
        {deliveries(all)} would run again from the beginning, each with its rule as it is now: its artifact,
        its pipeline and its commit status.
      </p>
      <ul>
        {outcomes.map(([outcome, count]) => (
          <li key={outcome}>{`${count.toLocaleString('en')} ${wordsOf(outcome)}`}</li>
        ))}
      </ul>
      <p className="hint">
        Of each delivery the last run counts. The oldest begin, ten a second; you may stop at any time, and go
        on.
      </p>
    </>
  );
}

function Started({ progress }: { readonly progress: Redeliveries['progress'] }) {
  return (
    <p role="status">
      <progress
        aria-label="Deliveries started"
        {...(progress ? { value: progress.done, max: progress.all } : {})}
      />{' '}
      {progress ? `${progress.done} of ${progress.all} started` : 'Starting'}
    </p>
  );
}

/** The button of the next step, if there is one. */
function Next({
  state: { plan, running, stopped, result },
  force,
  run,
  stop,
}: {
  readonly state: Redeliveries;
  readonly force: boolean;
  readonly run: () => void;
  readonly stop: () => void;
}) {
  if (running)
    return (
      <button type="button" onClick={stop}>
        Stop
      </button>
    );
  if (stopped)
    return (
      <button type="button" className="main" onClick={run}>
        Go on with the rest
      </button>
    );
  const all = sum(plan?.outcomes ?? []) + (force ? leftOutCount(plan?.inVain ?? []) : 0);
  if (all === 0 || result) return null;
  return (
    <button type="button" className="main" onClick={run}>
      {`Run ${deliveries(all)} again`}
    </button>
  );
}

const sum = (outcomes: readonly (readonly [string, number])[]): number =>
  outcomes.reduce((all, [, count]) => all + count, 0);

const deliveries = (count: number): string =>
  `${count.toLocaleString('en')} ${count === 1 ? 'delivery' : 'deliveries'}`;

function resultInWords({ started, expired }: NonNullable<Redeliveries['result']>): string {
  const lost = expired > 0 ? ` ${deliveries(expired)} cannot run again: their executions have expired.` : '';
  return `${deliveries(started)} started.${lost}`;
}
