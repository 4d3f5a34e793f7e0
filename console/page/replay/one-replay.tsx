import { useState } from 'react';
import type { ReplayProgress } from '../../api.ts';
import { Failure, post } from '../api/client.ts';
import { useLive } from '../api/use-live.ts';
import { Link } from '../parts/link.tsx';
import { Moment } from '../parts/moment.tsx';
import { Loading, Problem } from '../parts/placeholders.tsx';
import { Executions } from './executions.tsx';
import { canBeCancelled, hasEnded, ReplayState } from './state.tsx';

const POLL_MS = 1000;

/** A replay's page: its progress, and the executions that the replay has started. */
export function OneReplay({ name }: { readonly name: string }) {
  const [ended, setEnded] = useState(false);
  const [running, tellRunning] = useState<number>();
  const path = `replays/${encodeURIComponent(name)}`;
  const { value, failure, refresh } = useLive<ReplayProgress>(path, ended ? 0 : POLL_MS);
  if (value && hasEnded(value.state) !== ended) setEnded(!ended);
  return (
    <div className="run">
      <div className="run-head">
        <p className="back">
          <Link to="/replay">Plan another replay</Link>
        </p>
        <h1 className="address">{name}</h1>
        {value ? (
          <Progress replay={value} running={running} cancelled={refresh} />
        ) : failure ? (
          <Problem failure={failure} retry={refresh} />
        ) : (
          <Loading what="Looking for the replay" />
        )}
      </div>
      {value && <Executions name={name} since={value.span.from} ended={ended} tellRunning={tellRunning} />}
    </div>
  );
}

function Progress({
  replay,
  running,
  cancelled,
}: {
  readonly replay: ReplayProgress;
  /** how many of its executions run, as far as is known */
  readonly running: number | undefined;
  readonly cancelled: () => void;
}) {
  const { state, reason, done, span, rules } = replay;
  const percent = Math.round(done * 100);
  return (
    <>
      <p className="run-state">
        <ReplayState state={state === 'COMPLETED' && running !== 0 ? 'SENT' : state} />
        <progress aria-label="Events replayed" value={percent} max={100} />
        <span className="run-percent">{percent} %</span>
        <Cancel replay={replay} cancelled={cancelled} />
      </p>
      <p className="hint">
        Events from <Moment at={span.from} /> to <Moment at={span.to} />, to{' '}
        {rules.length === 0
          ? 'every rule'
          : `the ${rules.length === 1 ? 'rule' : 'rules'} ${rules.join(', ')}`}
        {reason && `. ${reason}`}
      </p>
    </>
  );
}

function Cancel({
  replay: { name, state },
  cancelled,
}: {
  readonly replay: ReplayProgress;
  readonly cancelled: () => void;
}) {
  const [failure, setFailure] = useState<Failure>();
  const cancel = async (): Promise<void> => {
    setFailure(undefined);
    await post(`replays/${encodeURIComponent(name)}/cancel`).catch((error: unknown) =>
      setFailure(error instanceof Failure ? error : new Failure(String(error), 0)),
    );
    cancelled();
  };
  return (
    <>
      <button
        type="button"
        // Its place stays, so that the end of a replay moves nothing.
        className={hasEnded(state) ? 'gone' : ''}
        disabled={!canBeCancelled(state)}
        onClick={cancel}
      >
        Cancel
      </button>
      {failure && (
        <span className="field-problem" role="alert">
          {failure.message}
        </span>
      )}
    </>
  );
}
