import type { PastReplay } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { Link } from '../parts/link.tsx';
import { clockTime } from '../parts/use-clock.ts';
import { addressOfReplay } from './address.ts';
import { ReplayState } from './state.tsx';

const POLL_MS = 5000;

/** The replays of the last 90 days. */
export function PastReplays() {
  const { value, failure } = useLive<readonly PastReplay[]>('replays', POLL_MS);
  return (
    <section className="past">
      <h2>Earlier replays</h2>
      <p className="hint" role="status">
        {failure ? `Not up to date: ${failure.message}` : value?.length === 0 ? 'None yet.' : ''}
      </p>
      {value && value.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Started</th>
              <th scope="col">State</th>
              <th scope="col" className="wide">
                Events from
              </th>
              <th scope="col" className="wide">
                to
              </th>
            </tr>
          </thead>
          <tbody>
            {value.map((replay) => (
              <Row key={replay.name} replay={replay} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ replay: { name, startedAt, state, span } }: { readonly replay: PastReplay }) {
  return (
    <tr>
      <td>
        <Link to={addressOfReplay(name)}>{clockTime(startedAt)}</Link>
      </td>
      <td>
        <ReplayState state={state} />
      </td>
      <td className="wide">{clockTime(span.from)}</td>
      <td className="wide">{clockTime(span.to)}</td>
    </tr>
  );
}
