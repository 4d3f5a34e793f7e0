import { memo } from 'react';
import type { LogLine } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { type Clock, isoIn } from '../parts/clock.ts';
import { logText } from '../parts/format.ts';
import { useNow } from '../parts/react-hooks.ts';
import { useClock } from '../parts/use-clock.ts';

const POLL_MS = 1000;
// CloudWatch shows a line some seconds after it was written, so the last lines come after the state has ended.
const LAST_LINES_MS = 30_000;
const LAST_LINES_POLL_MS = 5000;

interface Props {
  readonly id: string;
  readonly index: number;
  /** whether the state runs a function or a build */
  readonly hasLog: boolean;
  /** ISO time; absent while the state runs */
  readonly endedAt?: string | undefined;
}

/** The log of a state's function or build, polled while the state runs. */
export function Logs({ id, index, hasLog, endedAt }: Props) {
  const clock = useClock();
  const isComplete = useNow() - Date.parse(endedAt ?? '') > LAST_LINES_MS;
  const path = hasLog ? `deliveries/${encodeURIComponent(id)}/logs?step=${index}` : undefined;
  const { value, failure } = useLive<LogLine[]>(
    path,
    endedAt === undefined ? POLL_MS : isComplete ? 0 : LAST_LINES_POLL_MS,
  );
  if (!hasLog) return <p className="quiet">This state runs nothing that logs.</p>;
  if (failure && !value) return <p className="state-error">{failure.message}</p>;
  if (!value) return <p className="quiet">Loading the log…</p>;
  if (value.length === 0) return <p className="quiet">Nothing was logged.</p>;
  return <Lines lines={value} clock={clock} />;
}

/** The lines may be thousands, so React draws them again only when the log has changed. */
const Lines = memo(({ lines, clock }: { readonly lines: readonly LogLine[]; readonly clock: Clock }) => (
  <pre className="log">
    {lines.map(({ at, text }, line) => (
      <span key={line} title={text}>
        <time dateTime={at}>{isoIn(clock, Date.parse(at)).slice(11)}</time> {logText(text)}
        {'\n'}
      </span>
    ))}
  </pre>
));
