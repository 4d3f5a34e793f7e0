import type { LogLine } from '../../api.ts';
import { useLive } from '../api/use-live.ts';

const POLL_MS = 1000;

interface Props {
  readonly id: string;
  readonly index: number;
  /** whether the state runs something that logs */
  readonly talks: boolean;
  readonly running: boolean;
}

/** What a state's function or build logs, as it comes. */
export function Logs({ id, index, talks, running }: Props) {
  const path = talks ? `deliveries/${encodeURIComponent(id)}/logs?step=${index}` : undefined;
  const { value, failure } = useLive<LogLine[]>(path, running ? POLL_MS : 0);
  if (!talks) return <p className="quiet">This state runs nothing that logs.</p>;
  if (failure && !value) return <p className="state-error">{failure.message}</p>;
  if (!value) return <p className="quiet">Loading the log…</p>;
  if (value.length === 0) return <p className="quiet">Nothing was logged.</p>;
  return (
    <pre className="log">
      {value.map(({ at, text }, line) => (
        <span key={line}>
          <time dateTime={at}>{at.slice(11, 23)}</time> {text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
