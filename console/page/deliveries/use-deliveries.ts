import { useCallback, useEffect, useRef, useState } from 'react';
import type { DeliveryPage, DeliveryRow, Hidden } from '../../api.ts';
import { Failure, get, pathOf, post } from '../api/client.ts';
import { useLive } from '../api/use-live.ts';
import { toneOf } from '../parts/outcome.tsx';
import { fresh, type Loaded, withChanged, withNewest, withOlder } from './merge.ts';
import { keepRows, keptRows } from './place.ts';

const POLL_MS = 1500;
const PAGE = 100;
// As many as the server takes at once.
const MOST_CHANGED = 50;

export interface Deliveries {
  /** undefined until the first answer */
  readonly rows: readonly DeliveryRow[] | undefined;
  /** what stands between the rows and is not shown */
  readonly hidden: readonly Hidden[];
  readonly failure: Failure | undefined;
  /** whether there are older ones to load */
  readonly more: boolean;
  readonly loadOlder: () => void;
  readonly refresh: () => void;
}

/** The list, live at its head and as long as it has been scrolled. @param query what the server is asked */
export function useDeliveries(query: Readonly<Record<string, string>>): Deliveries {
  const path = pathOf('deliveries', { ...query, limit: PAGE });
  const head = useLive<DeliveryPage>(path, POLL_MS);
  const [loaded, setLoaded] = useState<{ path: string; list: Loaded } | undefined>(() => keptRows(path));
  const [failed, setFailed] = useState<Failure>();
  const [tries, setTries] = useState(0);
  const busy = useRef(false);

  useEffect(() => {
    const newest = head.value;
    if (!newest) return;
    setLoaded((previous) => {
      const now = Date.now();
      const list = previous?.path === path ? withNewest(previous.list, newest, now) : fresh(newest, now);
      return { path, list };
    });
  }, [path, head.value]);

  useEffect(() => keepRows(loaded), [loaded]);

  const list = loaded?.path === path ? loaded.list : undefined;
  useChanges(list, head.value, (change) =>
    setLoaded((previous) => (previous?.path === path ? { path, list: change(previous.list) } : previous)),
  );

  const cursor = list?.cursor;
  // Made anew after a failure, so that whoever waits for it asks again.
  const loadOlder = useCallback(async () => {
    if (busy.current || cursor === undefined) return;
    busy.current = true;
    try {
      const older = await get<DeliveryPage>(`${path}&cursor=${encodeURIComponent(cursor)}`);
      setLoaded((previous) =>
        previous?.path === path && previous.list.cursor === cursor
          ? { path, list: withOlder(previous.list, older) }
          : previous,
      );
      setFailed(undefined);
    } catch (error) {
      setFailed(error instanceof Failure ? error : new Failure(String(error), 0));
      setTimeout(() => setTries((count) => count + 1), POLL_MS);
    } finally {
      busy.current = false;
    }
  }, [path, cursor, tries]);

  return {
    rows: list?.rows,
    hidden: list?.hidden ?? [],
    failure: head.failure ?? failed,
    more: cursor !== undefined,
    loadOlder,
    refresh: head.refresh,
  };
}

/** What runs below the newest page is asked for by name, at the pace of the newest. */
function useChanges(
  list: Loaded | undefined,
  newest: DeliveryPage | undefined,
  change: (by: (list: Loaded) => Loaded) => void,
): void {
  const latest = useRef({ list, change });
  latest.current = { list, change };
  useEffect(() => {
    const timer = setInterval(() => {
      const head = new Set(newest?.rows.map(({ id }) => id));
      const ids = (latest.current.list?.rows ?? [])
        .filter(({ id, outcome }) => toneOf(outcome) === 'busy' && !head.has(id))
        .slice(0, MOST_CHANGED)
        .map(({ id }) => id);
      if (ids.length === 0 || document.hidden) return;
      post<DeliveryRow[]>('deliveries/rows', { ids }).then(
        (rows) => latest.current.change((previous) => withChanged(previous, rows)),
        // The list says itself when the server does not answer.
        () => undefined,
      );
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [newest]);
}
