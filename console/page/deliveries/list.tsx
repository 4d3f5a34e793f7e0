import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useEffect, useLayoutEffect, useRef } from 'react';
import type { DeliveryRow } from '../../api.ts';
import { useAddress } from '../address.ts';
import { useNarrow, useNow } from '../parts/use.ts';
import { leaveList, type Place, returnTo } from './place.ts';
import { COLUMNS, Row } from './row.tsx';

const ROW = { wide: 40, narrow: 68 };
// A list that was left is drawn again within this time.
const SETTLED_MS = 2000;
// So many rows before the end, the next older ones are asked for.
const AHEAD = 30;

interface Props {
  readonly rows: readonly DeliveryRow[];
  readonly more: boolean;
  readonly loadOlder: () => void;
}

/** The rows in sight of a list of any length. */
export function List({ rows, more, loadOlder }: Props) {
  const { pathname, search } = useAddress();
  // Written in one way, as an address may be typed in several.
  const address = `${pathname}?${new URLSearchParams(search)}`;
  const scroller = useRef<HTMLElement>(null);
  const height = useNarrow() ? ROW.narrow : ROW.wide;
  const now = useNow();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
  });
  useEffect(() => virtual.measure(), [height]);
  useStill(scroller, rows, height);
  useReturn(scroller, address);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  // A page without a row asks for the next one too.
  useEffect(() => {
    if (more && last >= rows.length - AHEAD) loadOlder();
  }, [more, last, rows, loadOlder]);
  return (
    <section
      aria-label="List"
      className="list"
      ref={scroller}
      onKeyDown={walk}
      onClick={(event) => leave(event, address)}
      tabIndex={0}
    >
      <div role="table" aria-label="Deliveries" aria-rowcount={more ? -1 : rows.length + 1}>
        <Head />
        <div className="list-space" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const row = rows[index];
            return (
              row && (
                <div
                  key={key}
                  role="row"
                  aria-rowindex={index + 2}
                  className="list-row"
                  style={{ height, transform: `translateY(${start}px)` }}
                >
                  <Row row={row} now={now} />
                </div>
              )
            );
          })}
        </div>
      </div>
    </section>
  );
}

function Head() {
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

/** Arrow keys go from row to row. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('a.cover')];
  const { activeElement } = document;
  const at = activeElement instanceof HTMLAnchorElement ? links.indexOf(activeElement) : -1;
  const next = links[event.key === 'ArrowDown' ? at + 1 : at - 1];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Remembers where a row was opened. */
function leave({ currentTarget, target }: MouseEvent<HTMLElement>, address: string): void {
  const row = target instanceof Element ? target.closest<HTMLElement>('a.cover')?.dataset.row : undefined;
  if (row !== undefined) leaveList({ address, scrollTop: currentTarget.scrollTop, row });
}

/** Back in a list that was left by a row: the same place, and the focus on the row. */
function useReturn(scroller: { readonly current: HTMLElement | null }, address: string): void {
  const place = useRef<Place>(undefined);
  useLayoutEffect(() => {
    place.current = returnTo(address);
    if (!scroller.current || !place.current) return;
    scroller.current.scrollTop = place.current.scrollTop;
    // A row that is not among them any more must not take the focus later.
    const timer = setTimeout(() => (place.current = undefined), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [scroller, address]);
  // The row is drawn some time after the list has been scrolled.
  useEffect(() => {
    if (!place.current) return;
    const { row } = place.current;
    const links = [...(scroller.current?.querySelectorAll<HTMLElement>('a.cover') ?? [])];
    const link = links.find(({ dataset }) => dataset.row === row);
    if (!link) return;
    link.focus({ preventScroll: true });
    place.current = undefined;
  });
}

/** Keeps the rows in sight where they are when new rows come above them. At the top of the list, the new rows come into sight. */
function useStill(
  scroller: { readonly current: HTMLElement | null },
  rows: readonly DeliveryRow[],
  height: number,
): void {
  const first = useRef<string>(undefined);
  useLayoutEffect(() => {
    const added = first.current === undefined ? 0 : rows.findIndex(({ id }) => id === first.current);
    const element = scroller.current;
    if (element && added > 0 && element.scrollTop > height) element.scrollTop += added * height;
    first.current = rows[0]?.id;
  }, [scroller, rows, height]);
}
