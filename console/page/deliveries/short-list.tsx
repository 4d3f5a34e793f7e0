import type { DeliveryRow } from '../../api.ts';
import { useNow } from '../parts/react-hooks.ts';
import { ColumnNames, Row } from './row.tsx';

interface Props {
  readonly label: string;
  readonly rows: readonly DeliveryRow[];
}

/** A few deliveries, all of them drawn. */
export function ShortList({ label, rows }: Props) {
  const now = useNow();
  return (
    <div className="list-flow" role="table" aria-label={label}>
      <ColumnNames />
      <div role="rowgroup">
        {rows.map((row, place) => (
          // By its place: a new delivery changes the rows, and moves none of them.
          <div key={place} role="row" className="list-row">
            <Row row={row} now={now} />
          </div>
        ))}
      </div>
    </div>
  );
}
