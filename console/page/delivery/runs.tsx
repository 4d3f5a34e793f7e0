import type { DeliveryRow } from '../../api.ts';
import { Link } from '../parts/link.tsx';
import { Moment } from '../parts/moment.tsx';
import { Outcome, PipelineResult } from '../parts/outcome.tsx';

interface Props {
  readonly runs: readonly DeliveryRow[];
  /** the id of the run that the page shows */
  readonly current: string;
}

/** Every run of a delivery, when there are others than the one that the page shows. */
export function Runs({ runs, current }: Props) {
  if (runs.every(({ id }) => id === current)) return null;
  return (
    <section className="runs" aria-label="Runs of this delivery">
      <h2>{runs.length} runs of this delivery, the last one first</h2>
      <ol>
        {runs.map(({ id, rule, replayName, claimedAt, updatedAt, outcome, pipelineStatus }) => (
          <li key={id}>
            <Link
              to={`/deliveries/${encodeURIComponent(id)}`}
              aria-current={id === current ? 'page' : undefined}
            >
              <Moment at={claimedAt || updatedAt} />
            </Link>
            <Outcome outcome={outcome} />
            <PipelineResult status={pipelineStatus} />
            <span>
              <code>{rule}</code>
              {replayName !== '' && <span className="tag">{replayName}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
