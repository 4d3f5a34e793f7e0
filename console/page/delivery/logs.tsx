import { memo } from 'react';
import type { LogLine } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { useNow } from '../parts/use.ts';

const POLL_MS = 1000;
// CloudWatch shows a line some seconds after it was written: the last ones come when the state has ended.
const LATE_MS = 30_000;
const LATE_POLL_MS = 5000;

interface Props {
  readonly id: string;
  readonly index: number;
  /** whether the state runs something that logs */
  readonly talks: boolean;
  /** ISO time; absent while it runs */
  readonly endedAt?: string | undefined;
}

/** What a state's function or build logs, as it comes. */
export function Logs({ id, index, talks, endedAt }: Props) {
  const isLate = useNow() - Date.parse(endedAt ?? '') > LATE_MS;
  const path = talks ? `deliveries/${encodeURIComponent(id)}/logs?step=${index}` : undefined;
  const { value, failure } = useLive<LogLine[]>(
    path,
    endedAt === undefined ? POLL_MS : isLate ? 0 : LATE_POLL_MS,
  );
  if (!talks) return <p className="quiet">This state runs nothing that logs.</p>;
  if (failure && !value) return <p className="state-error">{failure.message}</p>;
  if (!value) return <p className="quiet">Loading the log…</p>;
  if (value.length === 0) return <p className="quiet">Nothing was logged.</p>;
  return <Lines lines={value} />;
}

/** They may be thousands: drawn again only when there are more. */
const Lines = memo(({ lines }: { readonly lines: readonly LogLine[] }) => (
  <pre className="log">
    {lines.map(({ at, text }, line) => (
      <span key={line}>
        <time dateTime={at}>{at.slice(11, 23)}</time> {text}
        {'\n'}
      </span>
    ))}
  </pre>
));
