import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { DeliveryRow } from '../../api.ts';
import { useAddress } from '../address.ts';
import { useNarrow, useNow } from '../parts/react-hooks.ts';
import { moveFocus } from './list-focus.ts';
import { type ListPosition, rememberPosition, takePosition } from './list-position.ts';
import { ColumnNames, Row } from './row.tsx';

const ROW_HEIGHT = { wide: 36, narrow: 86 };
// The browser draws the list again within this time after a return.
const REDRAW_MS = 2000;
// The page asks for older rows when so many rows are left below.
const ROWS_AHEAD = 30;

interface Props {
  readonly rows: readonly DeliveryRow[];
  readonly more: boolean;
  readonly loadOlder: () => void;
}

/** A list of any length, of which the browser draws the rows in sight. */
export function List({ rows, more, loadOlder }: Props) {
  const { pathname, search } = useAddress();
  // People may type one filter in several ways: here every filter has one form.
  const address = `${pathname}?${new URLSearchParams(search)}`;
  const scroller = useRef<HTMLElement>(null);
  const height = useNarrow() ? ROW_HEIGHT.narrow : ROW_HEIGHT.wide;
  const now = useNow();
  const [opened] = useState(Date.now);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
  });
  useEffect(() => virtual.measure(), [height]);
  useSteadyScroll(scroller, rows, height);
  useReturnToRow(scroller, address);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  // A filtered page may be empty, and the next one may not.
  useEffect(() => {
    if (more && last >= rows.length - ROWS_AHEAD) loadOlder();
  }, [more, last, rows, loadOlder]);
  return (
    <section
      aria-label="List"
      className="list"
      ref={scroller}
      onKeyDown={obeyArrows}
      onClick={(event) => rememberOpenedRow(event, address)}
      tabIndex={0}
    >
      <div role="table" aria-label="Deliveries" aria-rowcount={more ? -1 : rows.length + 1}>
        <ColumnNames />
        <div className="list-space" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const row = rows[index];
            return (
              row && (
                <div
                  key={key}
                  role="row"
                  aria-rowindex={index + 2}
                  className={Date.parse(row.receivedAt) > opened ? 'list-row fresh' : 'list-row'}
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

/** Moves the focus from row to row by the arrow keys. */
function obeyArrows(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  if (moveFocus(event.key === 'ArrowDown' ? 1 : -1)) event.preventDefault();
}

/** Remembers the opened row and the scroll position. */
function rememberOpenedRow({ currentTarget, target }: MouseEvent<HTMLElement>, address: string): void {
  const row = target instanceof Element ? target.closest<HTMLElement>('a.cover')?.dataset.row : undefined;
  if (row !== undefined) rememberPosition({ address, scrollTop: currentTarget.scrollTop, row });
}

/** Restores the scroll position, and the focus on the row that was opened, after a return to the list. */
function useReturnToRow(scroller: { readonly current: HTMLElement | null }, address: string): void {
  const position = useRef<ListPosition>(undefined);
  useLayoutEffect(() => {
    position.current = takePosition(address);
    if (!scroller.current || !position.current) return;
    scroller.current.scrollTop = position.current.scrollTop;
    // The row may be gone from the list: no later row may take the focus.
    const timer = setTimeout(() => (position.current = undefined), REDRAW_MS);
    return () => clearTimeout(timer);
  }, [scroller, address]);
  // The virtual list draws the row some time after the scroll.
  useEffect(() => {
    if (!position.current) return;
    const { row } = position.current;
    const links = [...(scroller.current?.querySelectorAll<HTMLElement>('a.cover') ?? [])];
    const link = links.find(({ dataset }) => dataset.row === row);
    if (!link) return;
    link.focus({ preventScroll: true });
    position.current = undefined;
  });
}

/**
 * Keeps the rows in sight steady when new rows come above them. At the top of the list, the new rows come into sight.
 */
function useSteadyScroll(
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
