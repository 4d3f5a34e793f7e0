import { List } from '../deliveries/list.tsx';
import { useDeliveries } from '../deliveries/use-deliveries.ts';
import { toneOf, wordsOf } from '../parts/outcome.tsx';
import { Loading, Problem, Stale } from '../parts/states.tsx';

interface Props {
  readonly query: Readonly<Record<string, string>>;
  /** whether the replay has put all of its events on the bus */
  readonly ended: boolean;
}

/** The executions that a replay has caused, live. */
export function Caused({ query, ended }: Props) {
  const { rows, failure, more, loadOlder, refresh } = useDeliveries(query);
  if (!rows)
    return failure ? (
      <Problem failure={failure} retry={refresh} />
    ) : (
      <Loading what="Looking for executions" />
    );
  return (
    <section className="caused" aria-label="Executions">
      <Stale failure={failure} />
      <h2 role="status">
        {inWords(
          rows.map(({ outcome }) => outcome),
          more,
        )}
      </h2>
      {rows.length > 0 && <List rows={rows} more={more} loadOlder={loadOlder} />}
      {rows.length === 0 && (
        <p className="hint">
          {ended
            ? 'No rule has taken any of its events yet: the first executions follow within seconds.'
            : 'They come as the events are on the bus.'}
        </p>
      )}
    </section>
  );
}

/** `7 executions: 2 running, 5 published` */
function inWords(outcomes: readonly string[], more: boolean): string {
  if (outcomes.length === 0) return 'No execution yet';
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    const words = toneOf(outcome) === 'busy' ? 'running' : wordsOf(outcome).toLowerCase();
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  const each = [...counts].map(([words, count]) => `${count} ${words}`).join(', ');
  const all = `${outcomes.length}${more ? ' or more' : ''}`;
  return `${all} ${outcomes.length === 1 ? 'execution' : 'executions'}: ${each}`;
}
