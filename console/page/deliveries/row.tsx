import { UNMATCHED } from '../../../statemachine/outcomes.ts';
import type { DeliveryRow } from '../../api.ts';
import { messageParts, shortRef } from '../parts/format.ts';
import { eventIcon, Icon } from '../parts/icon.tsx';
import { Link } from '../parts/link.tsx';
import { Moment } from '../parts/moment.tsx';
import { Outcome, PipelineResult } from '../parts/outcome.tsx';
import { toneOf } from '../parts/outcome-words.ts';
import { addressOfRepository } from '../repository/address.ts';
import { executionDuration } from './execution-duration.ts';

const COLUMNS = ['Outcome', 'Repository', 'Ref', 'Commit', 'Event', 'Rule', 'Error', 'Received', 'Took'];

export function ColumnNames() {
  return (
    <div role="rowgroup" className="list-head">
      <div role="row" className="list-row">
        {COLUMNS.map((name) => (
          <span key={name} role="columnheader" className={`cell-${name.toLowerCase()}`}>
            {name}
          </span>
        ))}
      </div>
    </div>
  );
}

/** By its name: a redelivery and a replay are two things. The column has no room for the longer word. */
const isRedelivery = (replayName: string): boolean => replayName.startsWith('redeliver-');

/** The cells of a delivery. The delivery's link covers the whole row. */
export function Row({ row, now }: { readonly row: DeliveryRow; readonly now: number }) {
  const error = errorOf(row);
  const { id, outcome, pipelineStatus, repository, ref, commit, event, rule, receivedAt, replayName } = row;
  return (
    <>
      <span role="cell" className="cell-outcome">
        <Outcome outcome={outcome} />
        <PipelineResult status={pipelineStatus} />
      </span>
      <span role="cell" className="cell-repository" title={repository}>
        <Link className="cover" data-row={id} to={`/deliveries/${encodeURIComponent(id)}`}>
          {repository || <span className="quiet">{row.host ? `from ${row.host}` : 'not verified'}</span>}
        </Link>
        {outcome === UNMATCHED && <span className="tag">not verified</span>}
        {repository && outcome !== UNMATCHED && <ToRepository host={row.host} repository={repository} />}
      </span>
      <span role="cell" className="cell-ref" title={ref}>
        {shortRef(ref)}
        {row.pullRequest !== undefined && <span className="tag">#{row.pullRequest}</span>}
      </span>
      <code role="cell" className="cell-commit">
        {commit.slice(0, 7)}
      </code>
      <span role="cell" className="cell-event" title={event}>
        <Icon name={eventIcon(event, ref)} />
        {event}
        {replayName && (
          <span className="tag" title={replayName}>
            {isRedelivery(replayName) ? 'again' : 'replay'}
          </span>
        )}
      </span>
      <span role="cell" className="cell-rule" title={rule}>
        {rule}
      </span>
      <span role="cell" className={error === '' ? 'cell-error none' : 'cell-error'} title={error}>
        {error}
      </span>
      <Moment role="cell" className="cell-time" at={receivedAt} />
      <span role="cell" className="cell-took">
        {executionDuration(row, toneOf(outcome) === 'busy' ? now : undefined)}
      </span>
    </>
  );
}

/** The error's name, and what was wrong. */
const errorOf = ({ outcome, error, message }: DeliveryRow): string =>
  [error === outcome ? '' : error, messageParts(message).sentence].filter((part) => part !== '').join(': ');

/** Beside the row's own link, above the place that the link covers. */
function ToRepository({ host, repository }: Pick<DeliveryRow, 'host' | 'repository'>) {
  return (
    <Link
      className="to-repository"
      to={addressOfRepository({ host, repository })}
      aria-label={`The repository ${repository}`}
      title={`The refs and the last deliveries of ${repository}`}
    >
      <Icon name="repository" />
    </Link>
  );
}
