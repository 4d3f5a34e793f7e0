import { useCallback, useEffect, useRef, useState } from 'react';
import type { DeliveryPage, DeliveryRow, Hidden } from '../../api.ts';
import { Failure, get, pathOf, post } from '../api/client.ts';
import { useLive } from '../api/use-live.ts';
import { toneOf } from '../parts/outcome-words.ts';
import { rememberedRows, rememberRows } from './list-position.ts';
import { type LoadedRows, newList, withChanged, withNewest, withOlder } from './merge.ts';

const POLL_MS = 1500;
const PAGE_SIZE = 100;
// The server takes no more ids in one request.
const MAX_CHANGED_ROWS = 50;

export interface Deliveries {
  /** undefined until the first answer */
  readonly rows: readonly DeliveryRow[] | undefined;
  /** what stands between the rows and is not shown */
  readonly hidden: readonly Hidden[];
  readonly failure: Failure | undefined;
  /** whether there are older deliveries to load */
  readonly more: boolean;
  readonly loadOlder: () => void;
  readonly refresh: () => void;
}

/**
 * The list of deliveries: its head is polled, and older pages are loaded by scrolling.
 * @param query the server's filter
 */
export function useDeliveries(query: Readonly<Record<string, string>>): Deliveries {
  const path = pathOf('deliveries', { ...query, limit: PAGE_SIZE });
  const head = useLive<DeliveryPage>(path, POLL_MS);
  const [loaded, setLoaded] = useState<{ path: string; list: LoadedRows } | undefined>(() =>
    rememberedRows(path),
  );
  const [failed, setFailed] = useState<Failure>();
  const [tries, setTries] = useState(0);
  const busy = useRef(false);

  useEffect(() => {
    const newest = head.value;
    if (!newest) return;
    setLoaded((previous) => {
      const now = Date.now();
      const list = previous?.path === path ? withNewest(previous.list, newest, now) : newList(newest, now);
      return { path, list };
    });
  }, [path, head.value]);

  useEffect(() => rememberRows(loaded), [loaded]);

  const list = loaded?.path === path ? loaded.list : undefined;
  useChanges(list, head.value, (change) =>
    setLoaded((previous) => (previous?.path === path ? { path, list: change(previous.list) } : previous)),
  );

  const cursor = list?.cursor;
  // A failure makes a new function, so that the effects that depend on it try again.
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

const mayChange = ({ outcome, pipelineStatus }: DeliveryRow): boolean =>
  toneOf(outcome) === 'busy' || pipelineStatus === 'InProgress';

/** Polls the running deliveries, and those whose pipeline runs, below the newest page by their ids. */
function useChanges(
  list: LoadedRows | undefined,
  newest: DeliveryPage | undefined,
  change: (by: (list: LoadedRows) => LoadedRows) => void,
): void {
  const latest = useRef({ list, change });
  latest.current = { list, change };
  useEffect(() => {
    const timer = setInterval(() => {
      const head = new Set(newest?.rows.map(({ id }) => id));
      const ids = (latest.current.list?.rows ?? [])
        .filter((row) => mayChange(row) && !head.has(row.id))
        .slice(0, MAX_CHANGED_ROWS)
        .map(({ id }) => id);
      if (ids.length === 0 || document.hidden) return;
      post<DeliveryRow[]>('deliveries/rows', { ids }).then(
        (rows) => latest.current.change((previous) => withChanged(previous, rows)),
        // The poll of the list reports a server that does not answer.
        () => undefined,
      );
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [newest]);
}
