import type { TimelineEvent } from '../../api.ts';
import { duration } from '../parts/format.ts';

/** Every event of the execution, each with the time since the first event. */
export function Timeline({ events }: { readonly events: readonly TimelineEvent[] }) {
  const began = Date.parse(events[0]?.at ?? '');
  return (
    <details className="timeline">
      <summary>Event timeline ({events.length})</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">After</th>
            <th scope="col">State</th>
            <th scope="col">Event</th>
          </tr>
        </thead>
        <tbody>
          {events.map(({ id, at, state, type }) => (
            <tr key={id}>
              <td>{duration(Date.parse(at) - began)}</td>
              <td>{state}</td>
              <td>{type}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
