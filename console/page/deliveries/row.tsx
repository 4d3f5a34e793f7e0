import { UNMATCHED } from '../../../statemachine/outcomes.ts';
import type { DeliveryRow } from '../../api.ts';
import { localTime, shortRef } from '../parts/format.ts';
import { Link } from '../parts/link.tsx';
import { Outcome, PipelineResult, toneOf } from '../parts/outcome.tsx';
import { executionDuration } from './execution-duration.ts';

export const COLUMNS = ['Outcome', 'Repository', 'Ref', 'Commit', 'Event', 'Rule', 'Received', 'Took'];

/** The cells of a delivery. The delivery's link covers the whole row. */
export function Row({ row, now }: { readonly row: DeliveryRow; readonly now: number }) {
  const { id, outcome, pipelineStatus, repository, ref, commit, event, rule, receivedAt, replayName } = row;
  return (
    <>
      <span role="cell" className="cell-outcome">
        <Outcome outcome={outcome} />
        <PipelineResult status={pipelineStatus} />
      </span>
      <span role="cell" className="cell-repository" title={repository}>
        <Link className="cover" data-row={id} to={`/deliveries/${encodeURIComponent(id)}`}>
          {repository || row.host || 'not verified'}
        </Link>
        {outcome === UNMATCHED && <span className="tag">not verified</span>}
      </span>
      <span role="cell" className="cell-ref" title={ref}>
        {shortRef(ref)}
        {row.pullRequest !== undefined && <span className="tag">#{row.pullRequest}</span>}
      </span>
      <code role="cell" className="cell-commit">
        {commit.slice(0, 7)}
      </code>
      <span role="cell" className="cell-event" title={event}>
        {event}
        {replayName && <span className="tag">replay</span>}
      </span>
      <span role="cell" className="cell-rule" title={rule}>
        {rule}
      </span>
      <time role="cell" className="cell-time" dateTime={receivedAt}>
        {localTime(receivedAt)}
      </time>
      <span role="cell" className="cell-took">
        {executionDuration(row, toneOf(outcome) === 'busy' ? now : undefined)}
      </span>
    </>
  );
}
