import { useEffect, useMemo } from 'react';
import { List } from '../deliveries/list.tsx';
import { useDeliveries } from '../deliveries/use-deliveries.ts';
import { toneOf, wordsOf } from '../parts/outcome-words.ts';
import { Loading, Problem } from '../parts/placeholders.tsx';

interface Props {
  /** the replay's name */
  readonly name: string;
  /** ISO time of the replay's first event: a replayed delivery keeps the time at which it was received */
  readonly since: string;
  /** whether the replay has put all of its events on the bus */
  readonly ended: boolean;
  /** told how many of the executions run, as often as the number changes */
  readonly tellRunning?: (count: number) => void;
}

/** The executions that a replay has started, live. */
export function Executions({ name, since, ended, tellRunning }: Props) {
  const query = useMemo(() => ({ replayName: name, since }), [name, since]);
  const { rows, failure, more, loadOlder, refresh } = useDeliveries(query);
  const asking = rows?.length === 0 && more;
  // A page without an execution has no row to scroll to, so the next page is loaded here.
  useEffect(() => {
    if (asking) loadOlder();
  }, [asking, loadOlder]);
  const running = rows?.filter(({ outcome }) => toneOf(outcome) === 'busy').length;
  useEffect(() => {
    if (running !== undefined) tellRunning?.(running);
  }, [running, tellRunning]);
  if (!rows)
    return failure ? (
      <Problem failure={failure} retry={refresh} />
    ) : (
      <Loading what="Looking for executions" />
    );
  const outcomes = rows.map(({ outcome }) => outcome);
  return (
    <section className="caused" aria-label="Executions">
      <h2 aria-live="polite">{inWords(outcomes, more)}</h2>
      <div className="deliveries-body">
        {rows.length > 0 ? (
          <List rows={rows} more={more} loadOlder={loadOlder} />
        ) : (
          <Nothing ended={ended} more={more} />
        )}
      </div>
      <p className={failure ? 'foot bad' : 'foot'} role="status">
        {failure && `Not up to date: ${failure.message}`}
      </p>
    </section>
  );
}

function Nothing({ ended, more }: { readonly ended: boolean; readonly more: boolean }) {
  if (more) return <Loading what="Looking among older deliveries" />;
  return (
    <p className="notice quiet">
      {ended
        ? 'No rule has taken any of its events so far; what they start comes within seconds.'
        : 'They come as the events are on the bus.'}
    </p>
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
