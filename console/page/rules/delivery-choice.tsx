import { useState } from 'react';
import type { DeliveryPage, DeliveryRow, ExplainRequest } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { shortRef } from '../parts/format.ts';
import { wordsOf } from '../parts/outcome-words.ts';
import { Problem } from '../parts/placeholders.tsx';
import { clockTime } from '../parts/use-clock.ts';

const SHOWN = 50;

interface Props {
  /** the delivery that the address names */
  readonly given: string | null;
  readonly busy: boolean;
  readonly explain: (request: ExplainRequest) => void;
}

/** The choice of a recent delivery. */
export function DeliveryChoice({ given, busy, explain }: Props) {
  const { value, failure, refresh } = useLive<DeliveryPage>(`deliveries?limit=${SHOWN}`, 0);
  const [picked, setPicked] = useState(given ?? '');
  const rows = distinct(value?.rows ?? []);
  const id = picked || rows[0]?.id;
  const known = rows.some((row) => row.id === id);
  if (failure) return <Problem failure={failure} retry={refresh} />;
  return (
    <div className="explain-form">
      <label>
        <span>Delivery</span>
        <select value={id ?? ''} disabled={!value} onChange={({ target }) => setPicked(target.value)}>
          {!id && <option value="">{value ? 'No delivery yet' : 'Loading deliveries'}</option>}
          {id && !known && <option value={id}>{id}</option>}
          {rows.map((row) => (
            <option key={row.id} value={row.id}>
              {inWords(row)}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="main"
        disabled={!id || busy}
        onClick={() => id && explain({ delivery: id })}
      >
        Explain
      </button>
    </div>
  );
}

/** One row for each delivery: the explanation covers every rule, whichever row is chosen. */
function distinct(rows: readonly DeliveryRow[]): readonly DeliveryRow[] {
  const rowByDelivery = new Map<string, DeliveryRow>();
  for (const row of rows) {
    const key = `${row.host}#${row.deliveryId}`;
    if (!rowByDelivery.has(key)) rowByDelivery.set(key, row);
  }
  return [...rowByDelivery.values()];
}

const inWords = ({ event, repository, host, ref, outcome, receivedAt }: DeliveryRow): string =>
  [clockTime(receivedAt), event, repository || host, shortRef(ref), wordsOf(outcome).toLowerCase()]
    .filter(Boolean)
    .join(' · ');
